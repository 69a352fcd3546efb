import { z } from "zod";
import { endpoint } from "../http/endpoint.ts";

const WORDS_LENGTH_MAX = 200;

const Kind = z.enum(["table", "partitioned table", "foreign table", "view", "materialized view"]);
const Sensitivity = z.enum(["low", "medium", "high", "critical"]).nullable();
const RowSecurity = z.enum(["off", "on", "forced"]);

/** A table as lists and searches need it: `columns` are their names, `column_comments` what is said of them, in the same order. */
const TableSummary = z.object({
  id: z.string(),
  schema: z.string(),
  name: z.string(),
  kind: Kind,
  description: z.string(),
  sensitivity: Sensitivity,
  columns: z.array(z.string()),
  column_comments: z.array(z.string()),
});
export type TableSummary = z.infer<typeof TableSummary>;

const DomainSummary = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  tables: z.array(TableSummary),
});
export type DomainSummary = z.infer<typeof DomainSummary>;

const Column = z.object({
  name: z.string(),
  type: z.string(),
  nullable: z.boolean(),
  default: z.string().nullable(),
  identity: z.enum(["always", "by default"]).nullable(),
  generated: z.enum(["stored", "virtual"]).nullable(),
  collation: z.string().nullable(),
  comment: z.string().nullable(),
});

const Constraint = z.object({
  name: z.string(),
  kind: z.enum(["primary key", "unique", "foreign key", "check", "exclusion"]),
  definition: z.string(),
  columns: z.array(z.string()),
  references: z.object({ table: z.string(), columns: z.array(z.string()) }).nullable(),
  inherited: z.boolean(),
  comment: z.string().nullable(),
});

const Index = z.object({
  name: z.string(),
  id: z.string(),
  definition: z.string(),
  method: z.string(),
  unique: z.boolean(),
  ofConstraint: z.boolean(),
  keys: z.array(z.string()),
  included: z.array(z.string()),
  predicate: z.string().nullable(),
  comment: z.string().nullable(),
});

const Policy = z.object({
  name: z.string(),
  command: z.enum(["ALL", "SELECT", "INSERT", "UPDATE", "DELETE"]),
  permissive: z.boolean(),
  roles: z.array(z.string()),
  using: z.string().nullable(),
  check: z.string().nullable(),
  comment: z.string().nullable(),
});

const Trigger = z.object({
  name: z.string(),
  definition: z.string(),
  function: z.string(),
  functionComment: z.string().nullable(),
  arguments: z.array(z.string()),
  columns: z.array(z.string()),
  comment: z.string().nullable(),
});

const Partition = z.object({
  id: z.string(),
  name: z.string(),
  of: z.string(),
  bounds: z.string(),
  key: z.string().nullable(),
  rowSecurity: RowSecurity,
});

/** All that is known of a table, by the names that `tenon data-model --format json` gives it. */
const Table = z.object({
  id: z.string(),
  schema: z.string(),
  name: z.string(),
  kind: Kind,
  description: z.string(),
  sensitivity: Sensitivity,
  isSensitive: z.boolean(),
  columns: z.array(Column),
  keys: z.record(z.string(), z.array(z.enum(["PK", "FK", "UK"]))),
  constraints: z.array(Constraint),
  indexes: z.array(Index),
  rowSecurity: RowSecurity,
  policies: z.array(Policy),
  grants: z.array(
    z.object({ role: z.string(), privileges: z.array(z.string()), columns: z.array(z.string()).nullable() }),
  ),
  triggers: z.array(Trigger),
  states: z.array(z.object({ column: z.string(), steps: z.record(z.string(), z.array(z.string())) })),
  partitionKey: z.string().nullable(),
  partitions: z.array(Partition),
  definition: z.string().nullable(),
});
export type ModelTable = z.infer<typeof Table>;

/** Role, or several that may do the same with commas between → table's id → words. */
const Access = z.record(z.string(), z.record(z.string(), z.string()));

const ModelDomain = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  /** In Mermaid's language; more than one where Mermaid could not draw them all at once. */
  diagrams: z.array(z.string()),
  tables: z.array(Table),
  builtInAccess: Access,
  access: Access,
});
export type ModelDomain = z.infer<typeof ModelDomain>;

export const readModel = endpoint({
  name: "data_model.model.read",
  summary: "The domains of the data model and their tables, as they are in the database; they hold no rows",
  method: "GET",
  path: "/api/data-model",
  access: "person",
  answer: z.object({ migration: z.string(), domains: z.array(DomainSummary) }),
});

export const readDomain = endpoint({
  name: "data_model.domain.read",
  summary: "A domain's diagram, and all that is known of its tables",
  method: "GET",
  path: "/api/data-model/domains/:schema",
  access: "person",
  params: z.object({ schema: z.string() }),
  answer: ModelDomain,
});

export const searchModel = endpoint({
  name: "data_model.table.search",
  summary: "The tables that words are about, by meaning: endings and other words for the same thing count too",
  method: "GET",
  path: "/api/data-model/search",
  access: "person",
  query: z.object({ words: z.string().trim().min(1).max(WORDS_LENGTH_MAX) }),
  /** `tables` are ids; where there are none, `nearest` names what comes near. */
  answer: z.object({ tables: z.array(z.string()), nearest: z.array(z.string()) }),
  example: { query: { words: "label" } },
});

export const readDocument = endpoint({
  name: "data_model.document.read",
  summary: "The document of a domain or of the tables that words are about; without words of everything",
  method: "GET",
  path: "/api/data-model/document",
  access: "person",
  query: z.object({
    words: z.string().trim().max(WORDS_LENGTH_MAX).default(""),
    format: z.enum(["markdown", "json", "sql"]).default("markdown"),
  }),
  answerMedia: "stream",
  fileTypes: ["text/markdown", "application/json", "application/sql"],
  example: { query: { words: "labeling", format: "markdown" } },
});
