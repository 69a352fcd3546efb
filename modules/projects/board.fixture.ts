import assert from "node:assert/strict";
import type { Person, Tenant } from "../../test/harness.ts";
import type { TestHttpServer } from "../../test/http/server.ts";

/** A card as the board shows it. */
export type Card = { id: string; status: string; rank: string; version: number };
export type Board = {
  project: string;
  ask(
    method: "GET" | "POST" | "PATCH" | "DELETE",
    path: string,
    payload?: object,
    person?: Person,
  ): ReturnType<TestHttpServer["ask"]>;
  /** All cards, by column and place. */
  read(): Promise<Card[]>;
  /** The ids in a column, in order. */
  column(status: string): Promise<string[]>;
  card(id: string): Promise<Card>;
  move(
    id: string,
    to: { status: string; before_id?: string; after_id?: string; version?: number },
  ): ReturnType<TestHttpServer["ask"]>;
};

/** A project with so many cards to do, made by its owner. Resolves with their ids in order. */
export async function openBoard(
  http: TestHttpServer,
  tenant: Tenant,
  count: number,
): Promise<Board & { cards: string[] }> {
  const ask: Board["ask"] = (method, path, payload, person = tenant.owner) =>
    http.ask(person, {
      method,
      url: `/api/organizations/${tenant.slug}/projects/${path}`,
      ...(payload && { payload }),
    });
  const made = await ask("POST", "projects", { name: "Kitchen" });
  assert.equal(made.statusCode, 201, made.body);
  const { id: project } = made.json();
  const create = Array.from({ length: count }, (_, place) => ({ project_id: project, title: `Card ${place}` }));
  const cards =
    count === 0 ? [] : (await ask("POST", "tasks/bulk", { create })).json().create.map(({ id }: Card) => id);
  const read = async () => (await ask("GET", `tasks?project_id=${project}&sort=status,rank&limit=200`)).json().items;
  const card = async (id: string) => (await ask("GET", `tasks/${id}`)).json();
  return {
    project,
    cards,
    ask,
    read,
    card,
    column: async (status) => (await read()).filter((one: Card) => one.status === status).map(({ id }: Card) => id),
    move: async (id, to) => ask("POST", `tasks/${id}/move`, { version: (await card(id)).version, ...to }),
  };
}
