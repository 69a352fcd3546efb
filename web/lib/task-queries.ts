import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { AnswerOf } from "../../kernel/http/endpoint.ts";
import { listTasks, listTaskTypes, readPerformance, readTask } from "../../modules/tasks/tasks-contract.ts";
import { call } from "./api.ts";

const TASKS_A_PAGE = 50;
/** How soon open tasks are looked at again: for each page that is shown, as all of them are read anew. */
const LIST_AGAIN_MS = 4_000;
/** The line moves on, which no event of a task tells. */
const LINE_AGAIN_MS = 10_000;
/** Where events do not come. */
const TASK_AGAIN_MS = 3_000;
const TYPES_FRESH_MS = 300_000;

export type TaskStatus = TaskInList["status"];
export type TaskInList = AnswerOf<typeof listTasks>["items"][number];
export type Task = AnswerOf<typeof readTask>;

/** A task's place: the organization's slug and its own id. */
export type TaskPlace = { organization: string; task: string };

export type TaskFilter = { status?: TaskStatus | undefined; type?: string | undefined; parent?: string | undefined };

/** Whether nothing happens to a task any more, by itself. */
export function isOver(status: TaskStatus): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}

/** Tasks, newest first, which are looked at again while one of them is open. */
export function tasksQuery(organization: string, filter: TaskFilter) {
  return infiniteQueryOptions({
    queryKey: [...tasksKey(organization), "list", filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call(
        listTasks,
        { params: { organization }, query: { ...filter, cursor: pageParam, limit: TASKS_A_PAGE } },
        { signal },
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: ({ state }) => {
      const pages = state.data?.pages ?? [];
      const isOpen = pages.some(({ items }) => items.some(({ status }) => !isOver(status)));
      return isOpen && pages.length * LIST_AGAIN_MS;
    },
  });
}

/** One task. `isFollowed` says that its progress comes by itself. */
export function taskQuery(place: TaskPlace, isFollowed = false) {
  return queryOptions({
    queryKey: [...tasksKey(place.organization), "one", place.task],
    queryFn: ({ signal }) => call(readTask, { params: place }, { signal }),
    refetchInterval: ({ state }) =>
      state.data !== undefined && !isOver(state.data.status) && (isFollowed ? LINE_AGAIN_MS : TASK_AGAIN_MS),
  });
}

/** The types of task that can be chosen: those that may be started, and those that ran in the last 30 days. */
export function taskTypesQuery(organization: string) {
  return queryOptions({
    queryKey: [...tasksKey(organization), "types"],
    queryFn: async ({ signal }) => {
      const answers = await Promise.all([
        call(listTaskTypes, { params: { organization } }, { signal }),
        call(readPerformance, { params: { organization }, query: {} }, { signal }),
      ]);
      return [...new Set(answers.flatMap(({ items }) => items.map(({ type }) => type)))].toSorted();
    },
    staleTime: TYPES_FRESH_MS,
  });
}

/** What every key of tasks begins with. */
export function tasksKey(organization: string): string[] {
  return ["tasks", organization];
}
