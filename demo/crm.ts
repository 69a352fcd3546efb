import type { Row, Scene } from "./scene.ts";
import { CUSTOMERS, NOTES, TAGS } from "./words/crm.ts";

export type Customer = { id: string; name: string; email: string; stage: string; since: number };

/** The steps that lead to a stage. */
const WAYS: Record<string, string[]> = {
  lead: ["lead"],
  prospect: ["lead", "prospect"],
  active: ["lead", "prospect", "active"],
  churned: ["lead", "prospect", "active", "churned"],
};
/** Why customers came to a stage. */
const REASONS: Record<string, string> = {
  prospect: "Asked for an offer after seeing the catalogue.",
  active: "Signed the offer.",
  churned: "Buys from a shop nearby now.",
};
const SOURCES = ["website", "referral", "social", "email", "store"] as const;
const MARKETING = 0.6;

/** Makes the organization's tags. Resolves with their ids by name. */
export async function makeTags({ insert, id, clock }: Scene): Promise<Map<string, string>> {
  const at = clock.on(-200);
  const rows = TAGS.map((tag) => ({ ...tag, id: id(at), created_at: at }));
  await insert("organizations.tags", rows);
  return new Map(rows.map((row) => [row.name, row.id]));
}

/** Makes customers with the way they came, tags, contacts and notes. The first one's contact is the person who signs in as client. */
export async function makeCustomers(scene: Scene, tags: Map<string, string>): Promise<Customer[]> {
  const { insert, run, chance, clock } = scene;
  const customers = CUSTOMERS.map(({ person, stage, ...words }, index) => {
    const since = -180 + 6 * index;
    const [first = person, last = person] = person.split(" ");
    const email = index === 0 ? "client@northwind.example" : `${plain(first)}@${plain(words.company)}.example`;
    return { id: scene.id(clock.on(since)), name: person, first, last, email, stage, since, ...words };
  });
  await insert(
    "crm.customers",
    customers.map(({ id, name, first, last, email, stage, since, company, segment, city, country }) => ({
      id,
      name,
      first_name: first,
      last_name: last,
      company,
      email,
      phone: `+44 20 7946 ${String(chance.whole(0, 999)).padStart(4, "0")}`,
      addresses: [{ city, country, line1: `${chance.whole(1, 120)} Main Street` }],
      default_address: { city, country },
      stage,
      status: stage === "churned" ? "inactive" : "active",
      source: chance.pick(SOURCES),
      accepts_marketing: chance.happens(MARKETING),
      segment,
      churn_risk_score: stage === "churned" ? 0.95 : chance.whole(5, 45) / 100,
      predicted_ltv: chance.whole(50, 900) * 1000,
      ai_insights: { summary: `Buys for ${segment}.` },
      custom_fields: { tables: chance.whole(4, 60), country },
      assigned_to: chance.happens(0.7) ? scene.people.member : scene.people.admin,
      last_active_at: clock.past(-chance.whole(0, 20), 0.4),
      created_at: clock.on(since),
    })),
  );
  // The way as it went: by itself a new customer's begins today.
  await run("delete from crm.customer_stages where organization_id = $1");
  await insert(
    "crm.customer_stages",
    customers.flatMap((customer) => wayOf(scene, customer)),
  );
  await insert("crm.customer_tags", tagged(scene, customers, [...tags.values()]));
  await insert("crm.contacts", contactsOf(scene, customers));
  await insert(
    "crm.notes",
    customers.flatMap((customer) => notesOf(scene, customer)),
  );
  await run(`update crm.customer_figures f set support_tickets = 1 + length(c.name) % 4, support_satisfaction = 3.5 + length(c.name) % 3 * 0.5
    from crm.customers c where c.organization_id = f.organization_id and c.id = f.customer_id and f.organization_id = $1 and c.stage = 'active'`);
  return customers;
}

function plain(words: string): string {
  return words
    .normalize("NFD")
    .toLowerCase()
    .replace(/[^a-z]/g, "");
}

function wayOf({ id, clock, people }: Scene, customer: Customer): Row[] {
  const way = WAYS[customer.stage] ?? [];
  return way.map((to_stage, step) => {
    const changed_at = clock.on(Math.min(customer.since + step * 11, -1));
    return {
      id: id(changed_at),
      customer_id: customer.id,
      from_stage: way[step - 1],
      to_stage,
      reason: REASONS[to_stage],
      changed_by: people.member,
      changed_at,
    };
  });
}

function tagged({ chance }: Scene, customers: Customer[], tags: string[]): Row[] {
  return customers.flatMap(({ id }) =>
    tags.filter(() => chance.happens(0.25)).map((tag) => ({ customer_id: id, tag_id: tag })),
  );
}

function contactsOf({ id, people, clock }: Scene, customers: Customer[]): Row[] {
  const primary = customers.map(({ id: customer, name, email, since }, index) => ({
    id: id(clock.on(since)),
    customer_id: customer,
    user_id: index === 0 ? people.client : undefined,
    name,
    position: index % 3 === 0 ? "Owner" : "Purchasing",
    email,
    is_primary: true,
  }));
  const assistants = customers.slice(0, 8).map(({ id: customer, since }, index) => ({
    id: id(clock.on(since)),
    customer_id: customer,
    name: ["Robin Berg", "Alex Stone", "Kim Larsen", "Sam Wolf"][index % 4],
    position: "Assistant",
    is_primary: false,
  }));
  return [...primary, ...assistants];
}

function notesOf({ id, chance, clock, people }: Scene, customer: Customer): Row[] {
  return Array.from({ length: chance.whole(1, 3) }, () => {
    const happened_at = clock.past(-chance.whole(1, 40), 0.5);
    const note = chance.pick(NOTES);
    return {
      id: id(happened_at),
      customer_id: customer.id,
      ...note,
      happened_at,
      created_by: people.member,
      created_at: happened_at,
    };
  });
}
