import type { Selectable } from "kysely";
import { z } from "zod";
import type { Permission, Tables } from "../../kernel/database/types.gen.ts";
import { endpoint } from "../../kernel/http/endpoint.ts";

type TableName = keyof Tables & string;

/** A row as the API answers it: moments are text, and versions are numbers. */
export type RowOf<T extends TableName> = {
  [C in keyof Selectable<Tables[T]>]: C extends "version" ? number : AsJson<Selectable<Tables[T]>[C]>;
} & { embedded?: Record<string, unknown> };
type AsJson<V> = V extends Date ? string : V;

/** What of a row is written: some of its columns. */
type Written<T extends TableName> = { [C in keyof Selectable<Tables[T]>]?: AsJson<Selectable<Tables[T]>[C]> };

/** Filters by column, and `q`, `sort`, `limit`, `cursor`, `embed`, as docs/lists.md tells. */
type ListQuery = Record<string, string | number | boolean | undefined>;

type NounParts<T extends TableName, Key extends string> = {
  table: T;
  name: string;
  read: Permission;
  write?: Permission;
  /** The columns of the key after the organization. */
  key?: readonly Key[];
};

/** The endpoints of a noun, as pages call them. Whether they are the server's is tested. */
function nounOf<T extends TableName, Key extends string = "id">(parts: NounParts<T, Key>) {
  const { table, name, read, write = read, key = ["id"] } = parts;
  const path = `/api/organizations/:organization/${table.replace(".", "/").replaceAll("_", "-")}`;
  const row = [path, ...key.map((column) => `:${column}`)].join("/");
  const inOrganization = z.custom<{ organization: string }>();
  const ofRow = z.custom<{ organization: string } & Record<Key, string>>();
  const answer = z.custom<RowOf<T>>();
  const body = z.custom<Written<T>>();
  return {
    list: endpoint({
      name: `${name}.list`,
      summary: "List those that match",
      method: "GET",
      path,
      access: read,
      params: inOrganization,
      query: z.custom<ListQuery>(),
      answer: z.custom<{ items: RowOf<T>[]; next_cursor: string | null }>(),
    }),
    get: endpoint({
      name: `${name}.get`,
      summary: "Get one",
      method: "GET",
      path: row,
      access: read,
      params: ofRow,
      answer,
    }),
    create: endpoint({
      name: `${name}.create`,
      summary: "Create one",
      method: "POST",
      path,
      access: write,
      params: inOrganization,
      body,
      answer,
    }),
    update: endpoint({
      name: `${name}.update`,
      summary: "Change one",
      method: "PATCH",
      path: row,
      access: write,
      params: ofRow,
      body,
      answer,
    }),
    remove: endpoint({
      name: `${name}.delete`,
      summary: "Delete one",
      method: "DELETE",
      path: row,
      access: write,
      params: ofRow,
    }),
  };
}

const OF_CUSTOMERS = { read: "crm.customer.read", write: "crm.customer.write" } as const;
const OF_PROJECTS = { read: "projects.project.read", write: "projects.project.write" } as const;
const OF_APPOINTMENTS = { read: "calendar.appointment.read", write: "calendar.appointment.write" } as const;

export const customers = nounOf({ table: "crm.customers", name: "crm.customer", ...OF_CUSTOMERS });
export const customerStages = nounOf({
  table: "crm.customer_stages",
  name: "crm.customer_stage",
  read: "crm.customer.read",
});
export const customerTags = nounOf({
  table: "crm.customer_tags",
  name: "crm.customer_tag",
  ...OF_CUSTOMERS,
  key: ["customer_id", "tag_id"],
});
export const contacts = nounOf({ table: "crm.contacts", name: "crm.contact", ...OF_CUSTOMERS });
export const notes = nounOf({ table: "crm.notes", name: "crm.note", ...OF_CUSTOMERS });
export const projects = nounOf({ table: "projects.projects", name: "projects.project", ...OF_PROJECTS });
export const cards = nounOf({ table: "projects.tasks", name: "projects.task", ...OF_PROJECTS });
export const appointments = nounOf({
  table: "calendar.appointments",
  name: "calendar.appointment",
  ...OF_APPOINTMENTS,
});
export const members = nounOf({
  table: "organizations.memberships",
  name: "organizations.membership",
  read: "member.read",
  key: ["user_id"],
});
export const tags = nounOf({
  table: "organizations.tags",
  name: "organizations.tag",
  read: "organization.read",
  write: "organization.tag.write",
});
const OF_STORES = { read: "commerce.store.read", write: "commerce.store.write" } as const;
export const stores = nounOf({ table: "commerce.stores", name: "commerce.store", ...OF_STORES });
export const products = nounOf({ table: "commerce.products", name: "commerce.product", ...OF_STORES });
export const orders = nounOf({ table: "commerce.orders", name: "commerce.order", ...OF_STORES });
export const syncRuns = nounOf({ table: "commerce.sync_runs", name: "commerce.sync_run", read: OF_STORES.read });
export const syncFaults = nounOf({
  table: "commerce.sync_faults",
  name: "commerce.sync_fault",
  read: OF_STORES.read,
  key: ["store_id", "kind", "external_id"],
});
