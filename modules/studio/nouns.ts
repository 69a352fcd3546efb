import { type Noun, noun } from "../../kernel/nouns/noun.ts";

/** What the API shows of this module's tables. */
export const nouns: readonly Noun[] = [
  noun({
    table: "studio.sessions",
    name: "studio.session",
    read: "studio.session.manage",
    write: "studio.session.manage",
    writable: ["title", "customer_id", "client_name", "session_type", "is_template"],
    tags: { table: "studio.session_tags", column: "session_id" },
    bin: "deleted_at",
  }),
  noun({
    table: "studio.session_tags",
    name: "studio.session_tag",
    read: "studio.session.manage",
    write: "studio.session.manage",
    creatable: ["session_id", "tag_id"],
  }),
  noun({ table: "studio.session_people", name: "studio.session_person", read: "studio.session.manage" }),
  noun({ table: "studio.documents", name: "studio.document", read: "studio.session.manage" }),
  noun({ table: "studio.versions", name: "studio.version", read: "studio.session.manage" }),
  noun({ table: "studio.exports", name: "studio.export", read: "studio.session.manage", hidden: ["storage_key"] }),
];
