import type { Catalog, DatabaseRole, Policy, Table, TenonFacts } from "../database/catalog/catalog.ts";
import { stemOf, stemsOf } from "./words.ts";

/** Whose rows somebody reaches: everybody's (of the tenant), their own, their customer's, or those that a policy picks. */
type Reach = "all" | "own" | "customer" | "some";

const REACHES: Reach[] = ["all", "some", "customer", "own"];
const COMMANDS = ["SELECT", "INSERT", "UPDATE", "DELETE"] as const;
type Command = (typeof COMMANDS)[number];

/** What somebody may do with the rows of a table. A command counts where it is granted on some columns at least. */
export type Access = { reach: Reach; commands: Command[] };

const NOTHING: Access = { reach: "all", commands: [] };

/** The database roles that are granted anything in these tables or in their policies, in order. */
export function rolesIn(tables: Table[]): string[] {
  const names = tables.flatMap(({ grants, policies }) => [
    ...grants.map(({ role }) => role),
    ...policies.flatMap(({ roles }) => roles),
  ]);
  return [...new Set(names)].sort();
}

/** What a database role may do with a table, by its grants and the policies in front of them. */
export function accessOf(catalog: Catalog, table: Table, name: string): Access {
  const role = catalog.roles.find((candidate) => candidate.name === name) ?? { name, bypasses: false, memberOf: [] };
  const names = new Set([role.name, "public", ...role.memberOf]);
  if (table.owner === name && table.rowSecurity !== "forced") return { reach: "all", commands: [...COMMANDS] };
  const granted = new Set(table.grants.filter(({ role: grantee }) => names.has(grantee)).flatMap((g) => g.privileges));
  const commands = COMMANDS.filter((command) => granted.has(command));
  if (isOpen(table, role)) return { reach: "all", commands };
  const policies = table.policies.filter(({ permissive, roles }) => permissive && roles.some((r) => names.has(r)));
  const covered = commands.filter((command) => policies.some((policy) => covers(policy, command)));
  if (covered.length === 0) return NOTHING;
  const reaches = policies.filter((policy) => covered.some((command) => covers(policy, command))).map(reachOf);
  return { reach: REACHES.find((reach) => reaches.includes(reach)) ?? "some", commands: covered };
}

function isOpen(table: Table, role: DatabaseRole): boolean {
  return table.rowSecurity === "off" || role.bypasses;
}

function covers({ command }: Policy, wanted: Command): boolean {
  return command === "ALL" || command === wanted;
}

/** Whom a policy's expression asks for. */
function reachOf({ using, check }: Policy): Reach {
  const text = (using ?? check ?? "").toLowerCase();
  if (/customer_ids\(\)/.test(text)) return "customer";
  if (/\b(?:user_id\(\)|uid\(\)|current_user\b|session_user\b)|current_setting\('[^']*(?:user|person)/.test(text))
    return "own";
  // Where more is asked than whose the tenant is, not all of its rows are meant.
  if (/\band\b/.test(text)) return "some";
  if (text === "true" || /tenant|organi[sz]ation|\borg|workspace|company/.test(text)) return "all";
  return "some";
}

/** Full, Read, Own rows, Customer's rows, or NONE; with the commands where it is neither all nor reading alone. */
export function wordsFor({ reach, commands }: Access): string {
  if (commands.length === 0) return "NONE";
  const rights =
    commands.length === COMMANDS.length
      ? "Full"
      : commands.map((command) => (command === "SELECT" ? "read" : command.toLowerCase())).join(", ");
  const words = rights.charAt(0).toUpperCase() + rights.slice(1);
  if (reach === "all") return words;
  const rows = { own: "Own rows", customer: "Customer's rows", some: "Rows by policy" }[reach];
  return rights === "read" ? rows : `${rows}: ${words.toLowerCase()}`;
}

/** Built-in roles that may do the same with every one of the tables. */
export type RoleGroup = { roles: string[]; words: string[] };

const ROLE_OF_SCOPE = { organization: "tenon_member", own: "tenon_own", client: "tenon_client" };

/**
 * What the built-in roles may do with each table: what the database role that serves them may, at most reading where they
 * hold only permissions to read in the table's module, and nothing where they hold none there.
 */
export function builtInAccess(catalog: Catalog, tables: Table[]): RoleGroup[] {
  const groups = new Map<string, RoleGroup>();
  const moduleOf = moduleFinder(catalog);
  for (const role of catalog.tenon?.builtInRoles ?? []) {
    const words = tables.map((table) => wordsFor(builtInAccessOf(catalog, table, role, moduleOf)));
    const group = groups.get(words.join("\n")) ?? { roles: [], words };
    group.roles.push(role.name);
    groups.set(words.join("\n"), group);
  }
  return [...groups.values()];
}

function builtInAccessOf(
  catalog: Catalog,
  table: Table,
  role: TenonFacts["builtInRoles"][number],
  moduleOf: (permission: string) => string | undefined,
): Access {
  const held = role.permissions.filter((permission) => moduleOf(permission) === table.schema);
  if (held.length === 0) return NOTHING;
  const access = accessOf(catalog, table, ROLE_OF_SCOPE[role.scope]);
  if (!held.every((permission) => permission.endsWith(".read"))) return access;
  return { ...access, commands: access.commands.filter((command) => command === "SELECT") };
}

/** A permission is of the module that its first word names, or else of the one with the most tables named by that word. */
function moduleFinder({ schemas, tables }: Catalog): (permission: string) => string | undefined {
  const found = new Map<string, string | undefined>();
  const find = (word: string): string | undefined => {
    const stem = stemOf(word);
    const named = schemas.find(({ name }) => stemOf(name) === stem);
    if (named) return named.name;
    const counts = new Map<string, number>();
    for (const { schema, name } of tables)
      if (schema !== "kernel" && stemsOf(name).includes(stem)) counts.set(schema, (counts.get(schema) ?? 0) + 1);
    return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
  };
  return (permission) => {
    const [word = ""] = permission.split(".");
    if (!found.has(word)) found.set(word, find(word));
    return found.get(word);
  };
}
