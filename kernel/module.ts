import type { BearerReader } from "./http/credential.ts";
import type { CallMeter } from "./http/metering.ts";
import type { Route } from "./http/route.ts";
import type { MailTemplate } from "./mail/template.ts";
import type { Noun } from "./nouns/noun.ts";
import type { Job, TaskKind, Work } from "./work.ts";

/** What a module tells the rest of the house about itself. */
export type Module = {
  /** The module's name, which is that of its folder and of its PostgreSQL schema. */
  name: string;
  routes?: readonly Route[];
  /** The tables that the API shows, each with the same operations. */
  nouns?: readonly Noun[];
  /** The kinds of bearer token that it understands, beside user sessions and API keys. */
  bearers?: readonly BearerReader[];
  /** The mails that it has sent. */
  mails?: readonly MailTemplate[];
  /** What counts the requests of API keys. */
  meter?: CallMeter;
  /** What it does beside requests: again and again, */
  work?: readonly Work[];
  /** by an id that comes into line by itself, */
  jobs?: readonly Job[];
  /** and as tasks of organizations. */
  tasks?: readonly TaskKind[];
};
