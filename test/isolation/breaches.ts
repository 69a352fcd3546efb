/** SQL that opens one relation, SQL that closes it again, and what the matrix then says of that relation. */
type Breach = { name: string; relation: string; breach: string; repair: string; leaks: string[] };

/** A table that no other one points to, so that its rows are one for each organization. */
const MARKS = "organizations.marks";

export const MAKE_MARKS = `
  create table ${MARKS} (
    organization_id uuid references organizations.organizations, id uuid default kernel.uuid_v7(), name text not null,
    primary key (organization_id, id)
  );
  call kernel.tenant_table('${MARKS}')`;

const EVERYONE_THERE = ["tenon_member", "tenon_steward", "tenon_worker"];

function addPolicy(definition: string) {
  const breach = `create policy hole on ${MARKS} ${definition}`;
  return { relation: MARKS, breach, repair: `drop policy hole on ${MARKS}` };
}

function changePolicy(definition: string) {
  const breach = `alter policy organization on ${MARKS} ${definition}`;
  const same = "organization_id = kernel.organization_id()";
  return {
    relation: MARKS,
    breach,
    repair: `alter policy organization on ${MARKS} using (${same}) with check (${same})`,
  };
}

export const BREACHES: Breach[] = [
  {
    name: "a policy that shows all",
    ...addPolicy("for select to tenon_member using (true)"),
    leaks: ["tenon_member: select saw 1 foreign rows", "tenon_member outside: select saw 2 foreign rows"],
  },
  {
    name: "a policy that lets any row in",
    ...addPolicy("for insert to tenon_steward with check (true)"),
    leaks: [
      "tenon_steward: insert of a foreign row wrote 1 rows",
      "tenon_steward outside: insert of a foreign row wrote 1 rows",
    ],
  },
  {
    name: "a policy that lets any row be changed",
    ...addPolicy("for update to tenon_worker using (true)"),
    leaks: ["tenon_worker: moving touched 2 foreign rows", "tenon_worker outside: update touched 2 foreign rows"],
  },
  {
    name: "a policy that lets any row be deleted",
    ...addPolicy("for delete to tenon_worker using (true)"),
    leaks: ["tenon_worker outside: delete touched 2 foreign rows"],
  },
  {
    name: "a policy that opens where nobody has entered",
    ...addPolicy("for select to tenon_member using (kernel.organization_id() is null)"),
    leaks: ["tenon_member outside: select saw 2 foreign rows"],
  },
  {
    name: "a policy that shows nothing of one's own",
    ...changePolicy("using (false)"),
    leaks: EVERYONE_THERE.map((role) => `${role}: select saw none of its own rows`),
  },
  {
    name: "row-level security that is switched off",
    relation: MARKS,
    breach: `alter table ${MARKS} disable row level security`,
    repair: `alter table ${MARKS} enable row level security`,
    leaks: [
      ...EVERYONE_THERE.flatMap((role) => allOf(role, 1)),
      ...EVERYONE_THERE.flatMap((role) => allOf(`${role} outside`, 2)),
    ],
  },
  {
    name: "a policy that lets a row be moved away",
    ...changePolicy("with check (true)"),
    leaks: [
      ...EVERYONE_THERE.flatMap((role) => [
        `${role}: insert of a foreign row wrote 1 rows`,
        `${role}: moving touched 1 foreign rows`,
      ]),
      ...EVERYONE_THERE.map((role) => `${role} outside: insert of a foreign row wrote 1 rows`),
    ],
  },
  {
    name: "a partition that can be read past its parent's policies",
    relation: "organizations.days_all",
    breach: `
      create table organizations.days (organization_id uuid primary key) partition by hash (organization_id);
      call kernel.tenant_table('organizations.days', access => 'none');
      create table organizations.days_all partition of organizations.days for values with (modulus 1, remainder 0);
      insert into organizations.days select id from organizations.organizations;
      grant select on organizations.days_all to tenon_own`,
    repair: "drop table organizations.days",
    leaks: ["tenon_own: select saw 1 foreign rows", "tenon_own outside: select saw 2 foreign rows"],
  },
  {
    name: "a view that works with its owner's rights",
    relation: "organizations.everyone",
    breach:
      "create view organizations.everyone as select * from organizations.marks; grant select on organizations.everyone to tenon_client",
    repair: "drop view organizations.everyone",
    leaks: ["tenon_client: select saw 1 foreign rows", "tenon_client outside: select saw 2 foreign rows"],
  },
  {
    name: "a grant on a table that belongs to no organization",
    relation: "identity.installation",
    breach:
      "grant select on identity.installation to tenon_gate; create policy hole on identity.installation to tenon_gate using (true)",
    repair: "revoke select on identity.installation from tenon_gate; drop policy hole on identity.installation",
    leaks: ["tenon_gate: select saw 1 foreign rows", "tenon_gate outside: select saw 1 foreign rows"],
  },
  {
    name: "a table that the loader may fill and no trigger watches",
    relation: "organizations.drafts",
    breach: `
      create table organizations.drafts (organization_id uuid, id uuid default gen_random_uuid(), primary key (organization_id, id));
      call kernel.tenant_table('organizations.drafts', audit => 'none', access => 'none');
      grant insert on organizations.drafts to tenon_loader`,
    repair: "drop table organizations.drafts",
    leaks: [
      "tenon_loader: insert of a foreign row wrote 1 rows",
      "tenon_loader outside: insert of a foreign row wrote 1 rows",
    ],
  },
];

/** Everything that goes wrong where nothing stops a role, with this many rows in its reach. */
function allOf(actor: string, rows: number): string[] {
  const inside = rows === 1 ? [`${actor}: moving touched 2 foreign rows`] : [];
  return [
    `${actor}: select saw ${rows} foreign rows`,
    `${actor}: insert of a foreign row wrote 1 rows`,
    `${actor}: update touched ${rows} foreign rows`,
    `${actor}: delete touched ${rows} foreign rows`,
    ...inside,
  ];
}

/** A foreign key that compares the id alone. */
export const LOOSE_KEY = {
  breach: `
    alter table organizations.roles add constraint loose_id unique (id);
    alter table organizations.role_permissions
      drop constraint role_permissions_organization_id_role_id_fkey,
      add constraint loose foreign key (role_id) references organizations.roles (id)`,
  repair: `
    alter table organizations.role_permissions
      drop constraint loose,
      add constraint role_permissions_organization_id_role_id_fkey
        foreign key (organization_id, role_id) references organizations.roles on delete cascade;
    alter table organizations.roles drop constraint loose_id`,
};
