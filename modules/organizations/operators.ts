import type pg from "pg";

/** An organization as the operator of the installation sees it. */
export type OrganizationSummary = {
  slug: string;
  name: string;
  status: string;
  members: number;
  created_at: Date;
  /** The last change on its record; null when nothing is on it any more. */
  last_active_at: Date | null;
};

/** The most organizations in one list. */
export const ORGANIZATIONS_MAX = 500;

/** The organizations whose address or name contains the text, the newest first, as the database's owner. */
export async function listOrganizations(owner: pg.ClientBase, search = ""): Promise<OrganizationSummary[]> {
  const { rows } = await owner.query<OrganizationSummary>(
    `select o.slug, o.name, o.status, o.created_at,
            (select count(*)::int from organizations.memberships m
             where m.organization_id = o.id and m.status = 'active' and m.kind = 'person') as members,
            (select a.created_at from audit.audit_logs a where a.organization_id = o.id order by a.id desc limit 1) as last_active_at
     from organizations.organizations o
     where strpos(lower(o.slug || ' ' || o.name), lower($1)) > 0 or $1 = ''
     order by o.id desc limit $2`,
    [search, ORGANIZATIONS_MAX],
  );
  return rows;
}

/** Closes an organization to everybody, on the record. Throws when there is none (TN010) or it is suspended already (TN011). */
export async function suspendOrganization(owner: pg.ClientBase, slug: string, reason: string): Promise<void> {
  await owner.query("select organizations.suspend_organization($1, $2)", [slug, reason]);
}

/** Opens a suspended organization again. Throws as `suspendOrganization` does. */
export async function resumeOrganization(owner: pg.ClientBase, slug: string): Promise<void> {
  await owner.query("select organizations.resume_organization($1)", [slug]);
}
