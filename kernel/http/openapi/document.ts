import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import packageJson from "../../../package.json" with { type: "json" };
import { API_VERSIONS, type Endpoint } from "../endpoint.ts";
import { ANSWER_HEADERS, HEADER_PARAMETERS } from "./headers.ts";
import { describeOperation, groupOf } from "./operation.ts";
import { PROBLEM_RESPONSES, PROBLEM_SCHEMA } from "./problems.ts";
import { collectShapes, type Json } from "./shapes.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");

const CONVENTIONS = `Work done, reviewed, metered and on the record.

Send a token as \`Authorization: Bearer\`: an API key of an organization, or an access token of a person. What belongs to an organization
is found below \`/api/organizations/{organization}\`.

- **Problems** are documents of RFC 9457 with a stable \`code\`, the faults by field, and what to do. Their \`request_id\`, in every answer
  as \`X-Request-Id\`, finds the request in the log.
- **Versions**: \`Tenon-Version\` names the version that a program was written for (there is ${API_VERSIONS.join(", ")}); without it, the newest
  answers. What goes is told by \`Deprecation\` and \`Sunset\`.
- **Limits**: \`RateLimit-Policy\` and \`RateLimit\` tell how many requests a minute a key, a person and an organization may send, and what is
  left. Beyond that the answer is 429, with \`Retry-After\`.
- **Sent again** with the same \`Idempotency-Key\`, a write of an organization has one effect; \`Idempotent-Replayed\` marks the answer of the
  first time.
- **Versions of rows**: a row's \`ETag\`, sent back as \`If-Match\`, keeps what somebody else changed meanwhile (412).
- **Addresses** answer HEAD where they answer GET, and OPTIONS; another method gets 405 with \`Allow\`.`;

/** Describes endpoints as OpenAPI 3.1, out of their contracts. */
export function describeApi(endpoints: readonly Endpoint[]): Json {
  const shapes = collectShapes(endpoints);
  const used = new Set<string>();
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: describeOperation(endpoint, shapes, used) };
  }
  const groups = [...new Set(endpoints.map(groupOf))];
  return {
    openapi: "3.1.0",
    info: {
      title: "Tenon",
      version: packageJson.version,
      description: CONVENTIONS,
      contact: { name: "Whoever runs this installation" },
      license: { name: "Apache License 2.0", identifier: packageJson.license },
    },
    servers: [{ url: "/" }],
    tags: groups.map((name) => ({ name, description: describeGroup(name) })),
    paths,
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "An API key, or an access token of a person" },
        cookie: { type: "apiKey", in: "cookie", name: "tenon_session", description: "The session of a browser" },
      },
      parameters: HEADER_PARAMETERS,
      headers: ANSWER_HEADERS,
      responses: Object.fromEntries(Object.entries(PROBLEM_RESPONSES).filter(([name]) => used.has(name))),
      schemas: { Problem: PROBLEM_SCHEMA, ...shapes.schemas },
    },
  };
}

const GROUPS: Record<string, string> = {
  data_model: "The tables of the running database: what each holds, and who may do what with them.",
  mail: "The developer's mailbox: mail that was not sent, where the installation has no mail server.",
};

/** What a module is for, as its README begins. */
function describeGroup(name: string): string {
  const known = GROUPS[name];
  if (known) return known;
  const readme = join(ROOT, "modules", name, "README.md");
  const [, first = name] = existsSync(readme) ? readFileSync(readme, "utf8").split("\n\n") : [];
  return first.replaceAll("\n", " ").trim();
}
