import type { Endpoint, InputOf } from "../../http/endpoint.ts";
import { memberRoute, type Route } from "../../http/route.ts";
import { bulkEndpoint, createEndpoint, deleteEndpoint, restoreEndpoint, updateEndpoint } from "../endpoints.ts";
import type { Noun, Nouns, Write } from "../noun.ts";
import { writeMany } from "./bulk.ts";
import { createRow } from "./create.ts";
import { deleteRow, restoreRow } from "./delete.ts";
import type { Known } from "./statements.ts";
import { updateRow } from "./update.ts";

/** The routes that change the rows of a noun: what is not left to verbs. */
export function writingRoutes(noun: Noun, nouns: Nouns): Route[] {
  const { write, writes } = noun;
  if (!write || writes.length === 0) return [];
  const written = { ...noun, write };
  const routes: Record<Write, () => Route[]> = {
    create: () => [
      memberRoute(createEndpoint(written), (context, { body }) => createRow(context, noun, body as object)),
    ],
    update: () => [
      memberRoute(updateEndpoint(written), (context, input) =>
        updateRow(context, noun, knownOf(input), input.body as object),
      ),
    ],
    delete: () => [
      memberRoute(deleteEndpoint(written), (context, input) => deleteRow(context, noun, nouns, knownOf(input))),
      ...(noun.bin
        ? [memberRoute(restoreEndpoint(written), (context, input) => restoreRow(context, noun, knownOf(input)))]
        : []),
    ],
  };
  return [
    ...writes.flatMap((one) => routes[one]()),
    memberRoute(bulkEndpoint(written), (context, { body }) =>
      writeMany(context, noun, body as Record<string, unknown>),
    ),
  ];
}

function knownOf({ params, ifVersion }: InputOf<Endpoint>): Known {
  return { key: params as Record<string, string>, ifVersion };
}
