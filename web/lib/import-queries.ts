import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { AnswerOf } from "../../kernel/http/endpoint.ts";
import { listImports, listTargets, readImport } from "../../modules/imports/contract.ts";
import { call } from "./api.ts";

const IMPORTS_A_PAGE = 50;
/** How soon imports that are under way are looked at again, and those that others may begin. */
const AGAIN_MS = 1_000;
const IDLE_AGAIN_MS = 10_000;

export type ImportInList = AnswerOf<typeof listImports>["items"][number];
export type Import = AnswerOf<typeof readImport>;

/** An import's place: the organization's slug and its own id. */
export type ImportPlace = { organization: string; import: string };

const OVER: readonly ImportInList["state"][] = ["completed", "failed", "cancelled", "undone"];

/** Whether nothing happens to an import any more, by itself. */
export function isOver({ state }: Pick<ImportInList, "state">): boolean {
  return OVER.includes(state);
}

/** How many rows could be taken back. */
export function undoable({ rows }: Pick<ImportInList, "rows">): number {
  return rows.created + rows.updated - rows.deleted - rows.restored - rows.kept;
}

/** What one may import into, by name. */
export function targetsQuery(organization: string) {
  return queryOptions({
    queryKey: ["import targets", organization],
    queryFn: async ({ signal }) => (await call(listTargets, { params: { organization } }, { signal })).items,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Imports, newest first. */
export function importsQuery(organization: string) {
  return infiniteQueryOptions({
    queryKey: [...importsKey(organization), "list"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call(listImports, { params: { organization }, query: { before: pageParam, limit: IMPORTS_A_PAGE } }, { signal }),
    getNextPageParam: ({ items }) => (items.length < IMPORTS_A_PAGE ? undefined : items.at(-1)?.id),
    refetchInterval: ({ state }) => {
      const pages = state.data?.pages ?? [];
      const isUnderWay = pages.some(({ items }) => items.some((one) => !isOver(one)));
      return isUnderWay ? pages.length * AGAIN_MS : IDLE_AGAIN_MS;
    },
  });
}

/** One import with its first errors. */
export function importQuery(place: ImportPlace) {
  return queryOptions({
    queryKey: [...importsKey(place.organization), "one", place.import],
    queryFn: ({ signal }) => call(readImport, { params: place }, { signal }),
    refetchInterval: ({ state }) => state.data !== undefined && !isOver(state.data) && AGAIN_MS,
  });
}

/** What every key of imports begins with. */
export function importsKey(organization: string): string[] {
  return ["imports", organization];
}
