import { randomUUID } from "node:crypto";
import type { Examples } from "./example.ts";

export const ORGANIZATIONS: Examples = {
  "organizations.key.create": { body: { name: "Example", scopes: ["organization.read"] } },
  "organizations.key.update": { body: { name: "Another name" } },
  "organizations.key.rotate": { body: { overlap_hours: 1 } },
  "organizations.service.create": { body: { name: "Example" } },
  "organizations.support.allow": { body: { reason: "Example" } },
  "organizations.support.visit": {
    body: { organization: "example", member: randomUUID(), reason: "An example visit" },
  },
};
