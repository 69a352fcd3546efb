import { memberRoute, type Route } from "../http/route.ts";
import { countEndpoint, getEndpoint, listEndpoint } from "./endpoints.ts";
import type { Noun, Nouns } from "./noun.ts";
import { countRows } from "./reading/count.ts";
import { exportFormat, exportRows } from "./reading/export.ts";
import { getRow } from "./reading/get.ts";
import { listRows } from "./reading/list.ts";
import type { ListQuery } from "./reading/list-query.ts";
import { writingRoutes } from "./writing/routes.ts";

/** The routes of all nouns: each has the same operations, as far as its members may use them. */
export function nounRoutes(nouns: readonly Noun[]): Route[] {
  const byTable: Nouns = new Map(nouns.map((noun) => [noun.table, noun]));
  return nouns.flatMap((noun) => routesOf(noun, byTable));
}

function routesOf(noun: Noun, nouns: Nouns): Route[] {
  return [
    memberRoute(listEndpoint(noun, nouns), (context, { query, accept }) => {
      const format = exportFormat(accept);
      if (format) return exportRows(context, noun, query as ListQuery, format);
      return listRows(context, noun, query as ListQuery);
    }),
    memberRoute(countEndpoint(noun, nouns), (context, { query }) => countRows(context, noun, query as ListQuery)),
    memberRoute(getEndpoint(noun, nouns), (context, { params, query }) =>
      getRow(context, noun, params as Record<string, string>, query as ListQuery | undefined),
    ),
    ...writingRoutes(noun, nouns),
  ];
}
