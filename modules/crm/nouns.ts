import { type Noun, noun } from "../../kernel/nouns/noun.ts";

export const customer = noun({
  table: "crm.customers",
  name: "crm.customer",
  read: "crm.customer.read",
  write: "crm.customer.write",
  writable: [
    "name",
    "first_name",
    "last_name",
    "company",
    "email",
    "phone",
    "addresses",
    "default_address",
    "birthday",
    "gender",
    "source",
    "accepts_marketing",
    "segment",
    "persona",
    "custom_fields",
    "support_notes",
    "assigned_to",
  ],
  hidden: ["email_key"],
  tags: { table: "crm.customer_tags", column: "customer_id" },
});

/** What the API shows of this module's tables. */
export const nouns: readonly Noun[] = [
  customer,
  // Which member a contact is, is said by a verb: that member sees what is the customer's.
  noun({
    table: "crm.contacts",
    name: "crm.contact",
    read: "crm.customer.read",
    write: "crm.customer.write",
    creatable: ["customer_id"],
    writable: ["name", "position", "email", "phone", "is_primary"],
  }),
  noun({
    table: "crm.notes",
    name: "crm.note",
    read: "crm.customer.read",
    write: "crm.customer.write",
    creatable: ["customer_id"],
    writable: ["kind", "content", "happened_at"],
  }),
  noun({
    table: "crm.customer_tags",
    name: "crm.customer_tag",
    read: "crm.customer.read",
    write: "crm.customer.write",
    creatable: ["customer_id", "tag_id"],
  }),
  noun({ table: "crm.customer_figures", name: "crm.customer_figure", read: "crm.customer.read" }),
  noun({ table: "crm.customer_stages", name: "crm.customer_stage", read: "crm.customer.read" }),
];
