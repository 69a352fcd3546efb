import assert from "node:assert/strict";
import type { LightMyRequestResponse } from "fastify";
import { nouns, routes } from "../../app.ts";
import { exampleId } from "../../kernel/http/openapi/examples.ts";
import { addMember, adminOf } from "../harness.ts";
import type { Row } from "../isolation/making.ts";
import type { FuzzCaller, FuzzRequest } from "./fuzz-requests.ts";
import { type NounScene, openNounScene, type Place } from "./noun-scene.ts";
import { authorization, type TestHttpServer } from "./server.ts";
import { countingStatements } from "./statement-counts.ts";
import { makeWorld } from "./world.ts";

/** What stands in the texts of another organization. Nobody else may ever be told it. */
export const SECRET = "another organization's secret";

/** So many rows more show whether something is done for each. */
const GROWTH = 4;

/** Fewer places to hide it would prove little. */
const PLANTED_MIN = 100;

/** What the API key may: all that the operations need. */
const SCOPES = [...new Set<string>(routes.map(({ endpoint }) => endpoint.access))].filter((access) =>
  access.includes("."),
);

const WORD = /~(own|foreign)\.(\w+)~/g;
const NOTHING = "0198f0c2-7a51-7000-8000-000000000001";

type Ids = Record<string, unknown>;
type Side = { ids: Ids; rows: Map<string, Row> };

/** An organization that is asked for, with everything in it, and another one whose ids are known. */
export type FuzzWorld = {
  http: TestHttpServer;
  /** Puts ids in the places of words; says who asks. */
  send(request: FuzzRequest, how?: { payloadAsStream: true }): Promise<LightMyRequestResponse>;
  /** Makes the organization anew, if it is gone or out of its owner's reach. */
  mend(): Promise<void>;
  renew(): Promise<void>;
  /** Gives the organization some more rows of all its tables. */
  grow(): Promise<void>;
};

export async function openFuzzWorld(): Promise<FuzzWorld> {
  const scene = await openNounScene(countingStatements);
  const { http, foreign } = scene;
  await plantSecrets(scene);
  const theirs: Side = { ids: idsOf(foreign, { organization: foreign.tenant.slug }), rows: foreign.rows };
  let ours = await makeOurs(scene);
  const renew = async () => {
    ours = await makeOurs(scene);
  };
  let mending = Promise.resolve();
  const mend = async () => {
    const { headers, slug } = ours;
    const url = `/api/organizations/${slug}/crm/customers?limit=1`;
    const { statusCode } = await http.server.inject({ url, headers: headers.owner });
    if (statusCode !== 200 && slug === ours.slug) await renew();
  };
  return {
    http,
    send: async ({ operation, caller, headers, method, ...request }, how) => {
      await mending;
      const fill = (text: string, written: (id: string) => string) =>
        filled(text, operation, { own: ours, foreign: theirs }, written);
      const payload =
        request.payload === undefined
          ? undefined
          : fill(withWords(request.payload), (id) => JSON.stringify(id).slice(1, -1));
      return http.server.inject({
        method: method as "GET",
        url: fill(request.url, encodeURIComponent),
        headers: { ...ours.headers[caller], ...headers },
        ...(payload !== undefined && { payload }),
        ...how,
      });
    },
    // One after the other: who comes second finds it mended.
    mend: () => {
      mending = mending.then(mend);
      return mending;
    },
    renew,
    grow: () => grow(scene, ours.place),
  };
}

async function makeOurs(scene: NounScene) {
  const { http } = scene;
  const admin = await adminOf(http.database);
  const { tenant, labeler, ids } = await makeWorld(http, admin);
  const place = await scene.furnish(tenant);
  const client = await addMember(admin, http.database, tenant, "client");
  const { credential } = tenant.owner;
  const made = await http.ask(tenant.owner, {
    method: "POST",
    url: `/api/organizations/${tenant.slug}/keys`,
    payload: { name: "Fuzz", scopes: SCOPES },
  });
  assert.equal(made.statusCode, 200, made.body);
  const headers: Record<FuzzCaller, Record<string, string>> = {
    owner: authorization(tenant.owner),
    labeler: authorization(labeler),
    client: authorization(client),
    key: { authorization: `Bearer ${made.json().token}` },
    nobody: {},
  };
  return {
    place,
    slug: tenant.slug,
    headers,
    ids: { ...idsOf(place, ids), user_id: credential.userId },
    rows: place.rows,
  };
}

/** Ids by the names that parameters and columns have: what names the same thing has the same name nearly everywhere. */
function idsOf({ rows }: Place, known: Ids): Ids {
  const all = [...rows.values()].flatMap((row) => Object.entries(row).filter(([, value]) => typeof value === "string"));
  return { ...Object.fromEntries(all), ...known };
}

async function grow({ relations }: NounScene, { maker }: Place): Promise<void> {
  for (const relation of relations)
    for (let rows = 0; rows < GROWTH; rows++) {
      // Of some there is one for each parent, and no more.
      const isMade = await maker.addRow(relation).then(
        () => true,
        () => false,
      );
      if (!isMade) break;
    }
}

const TABLES = new Map(routes.map(({ endpoint }) => [endpoint.name, endpoint.noun ?? ""]));

function filled(text: string, operation: string, sides: Record<string, Side>, written: (id: string) => string): string {
  return text.replaceAll(WORD, (_, whose: string, name: string) => {
    const { ids, rows } = sides[whose] ?? assert.fail(whose);
    const row = name === "organization" ? undefined : rows.get(TABLES.get(operation) ?? "");
    return written(String(row?.[name] ?? ids[name] ?? NOTHING));
  });
}

const NAMES = ["organization", "member", "role", "customer", ...nouns.flatMap(({ columns }) => Object.keys(columns))];
const BY_EXAMPLE = new Map(NAMES.map((name) => [exampleId(name), `~own.${name}~`]));

/** The examples of the description name things by ids that nothing has. */
function withWords(payload: string): string {
  return payload.replaceAll(/0198f0c2-7a51-7000-8000-[0-9a-f]{12}/g, (id) => BY_EXAMPLE.get(id) ?? id);
}

/** Writes the secret into all texts of the other organization that take any text. */
async function plantSecrets({ admin, foreign }: NounScene): Promise<void> {
  let planted = 0;
  await admin.query("set session_replication_role = replica");
  for (const { table, columns, key } of nouns) {
    for (const [name, { kind }] of Object.entries(columns)) {
      if (kind !== "text" || key.includes(name)) continue;
      const sql = `update ${table} set ${name} = $2 where organization_id = $1`;
      // A column that takes only some texts holds no secret.
      const done = await admin.query(sql, [foreign.tenant.id, SECRET]).catch(() => undefined);
      planted += done?.rowCount ?? 0;
    }
  }
  await admin.query("reset session_replication_role");
  assert.ok(planted >= PLANTED_MIN, `The secret stands in ${planted} places only.`);
}
