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

export const SECRET_MESSAGE =
  "This looks like a secret, and everybody who sees the task would read it. Leave it out: tasks take no secrets.";

/**
 * Where an input holds a secret in the clear, by the names of its fields: everybody who may see tasks would read it, and the record
 * would keep it. A later version takes a reference to a kept secret in its place, as `{"secret": "its name"}`.
 */
export function secretPaths(value: unknown, path: readonly PropertyKey[]): PropertyKey[][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => {
    const here = [...path, name];
    const isSecret = !Array.isArray(value) && SECRET_NAMES.has(name.toLowerCase().replaceAll(/[-_]/g, ""));
    return isSecret && typeof part === "string" ? [here] : secretPaths(part, here);
  });
}
