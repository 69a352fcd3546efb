import { useMutation, useQuery } from "@tanstack/react-query";
import type { Given } from "../../client/address.ts";
import type { Endpoint } from "../../kernel/http/endpoint.ts";
import type { MadeFile } from "../../modules/tasks/outcome-contract.ts";
import { open } from "./api.ts";

const LOOK_AGAIN_MS = 700;
const OVER = ["completed", "failed", "cancelled", "escalated"];

/** Asks an endpoint that leaves the work to a task, and resolves with the task's id. */
export async function startTask<E extends Endpoint>(endpoint: E, given: Given<E>): Promise<string> {
  const { task_id } = (await (await open(endpoint, given)).json()) as { task_id: string };
  return task_id;
}

/** Has a file made by a task and looks how far that is, until it is over. */
export function useMadeFile<Wish>(
  start: (wish: Wish) => Promise<string>,
  look: (task: string, signal: AbortSignal) => Promise<MadeFile>,
) {
  const starting = useMutation({ mutationFn: start });
  const task = starting.data;
  const { data: made, error } = useQuery({
    queryKey: ["made file", task],
    queryFn: ({ signal }) => look(task ?? "", signal),
    enabled: task !== undefined,
    refetchInterval: ({ state }) => (state.data && OVER.includes(state.data.status) ? false : LOOK_AGAIN_MS),
  });
  const isOver = made !== undefined && OVER.includes(made.status);
  return {
    start: starting.mutate,
    /** What was asked for last. */
    wish: starting.variables,
    made: task === undefined ? undefined : made,
    isMaking: starting.isPending || (task !== undefined && !isOver && !error),
    error: starting.error ?? error,
  };
}
