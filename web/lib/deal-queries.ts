import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { readProgress } from "../../modules/projects/contract.ts";
import { call } from "./api.ts";
import {
  appointments,
  cards,
  contacts,
  customerStages,
  customers,
  customerTags,
  members,
  notes,
  projects,
  type RowOf,
} from "./nouns.ts";

const CUSTOMERS_A_PAGE = 50;
/** Of what stands beside a customer so many are shown: the newest. */
const BESIDE_MAX = 50;
const CHOICES_MAX = 200;
const PAGE_MAX = 200;
const CHOICES_FRESH_MS = 60_000;

export type Customer = RowOf<"crm.customers">;
export type Contact = RowOf<"crm.contacts">;
export type Card = RowOf<"projects.tasks">;
export type Appointment = RowOf<"calendar.appointments">;

export type CustomerFilter = { q?: string | undefined; stage?: string | undefined; tag?: string | undefined };
/** Where a row is: the organization's slug and its id. */
export type Place = { organization: string; id: string };

/** Every key begins with what is shown, and the organization: `useChanges` looks again at these. */
export function customersQuery(organization: string, { q, stage, tag }: CustomerFilter) {
  return infiniteQueryOptions({
    queryKey: ["customers", organization, "list", { q, stage, tag }],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call(
        customers.list,
        {
          params: { organization },
          query: { q, stage, "tags[any]": tag, cursor: pageParam, limit: CUSTOMERS_A_PAGE, embed: "assigned_to" },
        },
        { signal },
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function customerQuery({ organization, id }: Place) {
  return queryOptions({
    queryKey: ["customers", organization, "one", id],
    queryFn: ({ signal }) => call(customers.get, { params: { organization, id } }, { signal }),
  });
}

/** The tags of a customer. */
export function tagsOfQuery({ organization, id }: Place) {
  return queryOptions({
    queryKey: ["customers", organization, "tags", id],
    queryFn: async ({ signal }) => {
      const query = { customer_id: id, limit: BESIDE_MAX, embed: "tag_id" };
      const path = { params: { organization }, query };
      const { items } = await call(customerTags.list, path, { signal });
      return items.map(({ tag_id, embedded }) => ({ id: tag_id, name: nameIn(embedded?.tag_id, "name") }));
    },
  });
}

export function stagesQuery({ organization, id }: Place) {
  return queryOptions({
    queryKey: ["customers", organization, "stages", id],
    queryFn: async ({ signal }) => {
      const query = { customer_id: id, sort: "-changed_at", limit: BESIDE_MAX, embed: "changed_by" };
      return (await call(customerStages.list, { params: { organization }, query }, { signal })).items;
    },
  });
}

export function contactsQuery({ organization, id }: Place) {
  return queryOptions({
    queryKey: ["customers", organization, "contacts", id],
    queryFn: async ({ signal }) => {
      const query = { customer_id: id, sort: "-is_primary", limit: BESIDE_MAX };
      return (await call(contacts.list, { params: { organization }, query }, { signal })).items;
    },
  });
}

export function notesQuery({ organization, id }: Place) {
  return queryOptions({
    queryKey: ["customers", organization, "notes", id],
    queryFn: async ({ signal }) => {
      const query = { customer_id: id, sort: "-happened_at", limit: BESIDE_MAX, embed: "created_by" };
      return (await call(notes.list, { params: { organization }, query }, { signal })).items;
    },
  });
}

/** The newest client projects, or those of a customer. */
export function clientProjectsQuery(organization: string, customer?: string) {
  return queryOptions({
    queryKey: ["client projects", organization, "list", customer],
    queryFn: async ({ signal }) => {
      const query = { kind: "client", customer_id: customer, limit: PAGE_MAX };
      return (await call(projects.list, { params: { organization }, query }, { signal })).items;
    },
  });
}

export function clientProjectQuery({ organization, id }: Place) {
  return queryOptions({
    queryKey: ["client projects", organization, "one", id],
    queryFn: ({ signal }) => call(projects.get, { params: { organization, id } }, { signal }),
  });
}

export function progressQuery({ organization, id }: Place) {
  return queryOptions({
    queryKey: ["client projects", organization, "progress", id],
    queryFn: ({ signal }) => call(readProgress, { params: { organization, project: id } }, { signal }),
  });
}

/** All cards of a project, column by column. */
export function boardQuery({ organization, id }: Place) {
  return queryOptions({
    queryKey: ["client projects", organization, "board", id],
    queryFn: async ({ signal }): Promise<Card[]> => {
      const all: Card[] = [];
      let cursor: string | undefined;
      do {
        const query = { project_id: id, sort: "status,rank", limit: PAGE_MAX, cursor };
        const page = await call(cards.list, { params: { organization }, query }, { signal });
        all.push(...page.items);
        cursor = page.next_cursor ?? undefined;
      } while (cursor);
      return all;
    },
  });
}

export type AppointmentFilter = { from: Date; to: Date; member?: string | undefined };

/** The appointments of some days, in their order. */
export function appointmentsQuery(organization: string, { from, to, member }: AppointmentFilter) {
  return queryOptions({
    queryKey: ["appointments", organization, "list", from.getTime(), to.getTime(), member],
    queryFn: async ({ signal }) => {
      const days = { "start_time[gte]": from.toISOString(), "start_time[lt]": to.toISOString() };
      const query = { ...days, assigned_to: member, sort: "start_time", limit: PAGE_MAX };
      return (await call(appointments.list, { params: { organization }, query }, { signal })).items;
    },
  });
}

export function appointmentsOfQuery({ organization, id }: Place) {
  return queryOptions({
    queryKey: ["appointments", organization, "of customer", id],
    queryFn: async ({ signal }) => {
      const query = { customer_id: id, sort: "-start_time", limit: BESIDE_MAX };
      return (await call(appointments.list, { params: { organization }, query }, { signal })).items;
    },
  });
}

/** Whom something can be given to. */
export function membersQuery(organization: string) {
  return queryOptions({
    queryKey: ["members", organization],
    queryFn: async ({ signal }) => {
      const query = { status: "active", kind: "person", sort: "display_name", limit: CHOICES_MAX };
      return (await call(members.list, { params: { organization }, query }, { signal })).items;
    },
    staleTime: CHOICES_FRESH_MS,
  });
}

/** The customers that begin the alphabet, or are like some words: for choosing one. */
export function customerChoicesQuery(organization: string, q: string) {
  return queryOptions({
    queryKey: ["customers", organization, "choices", q],
    queryFn: async ({ signal }) => {
      const query = { q: q || undefined, sort: q ? undefined : "name", limit: BESIDE_MAX, fields: "id,name,company" };
      return (await call(customers.list, { params: { organization }, query }, { signal })).items;
    },
  });
}

/** A text of a row that was embedded; nothing where it may not be seen. */
export function nameIn(row: unknown, column = "display_name"): string {
  const value = typeof row === "object" && row !== null ? (row as Record<string, unknown>)[column] : undefined;
  return typeof value === "string" ? value : "";
}
