import type { FieldFault } from "../../kernel/errors.ts";

/** Names of fields that hold secrets, in small letters without dashes and underscores. */
const SECRET_NAMES = new Set([
  "password",
  "passwd",
  "passphrase",
  "secret",
  "clientsecret",
  "secretkey",
  "privatekey",
  "apikey",
  "token",
  "accesstoken",
  "refreshtoken",
  "bearertoken",
  "authorization",
]);

/**
 * The fields of an input that hold a secret in the clear, by their names: everybody who may see tasks would read it, and the record
 * would keep it. A later version takes a reference to a kept secret in its place, as `{"secret": "its name"}`.
 */
export function secretFaults(value: unknown, path: readonly PropertyKey[]): FieldFault[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => {
    const here = [...path, name];
    const isSecret = !Array.isArray(value) && SECRET_NAMES.has(name.toLowerCase().replaceAll(/[-_]/g, ""));
    if (!isSecret || typeof part !== "string") return secretFaults(part, here);
    const message =
      "This looks like a secret, and everybody who sees the task would read it. Leave it out: tasks take no secrets.";
    return [{ field: here.join("."), message }];
  });
}
