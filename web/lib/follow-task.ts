import { useDocumentVisibility } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { addressOf } from "../../client/address.ts";
import type { AnswerOf } from "../../kernel/http/endpoint.ts";
import { followTask } from "../../modules/tasks/tasks-contract.ts";
import { type Task, type TaskPlace, taskQuery } from "./task-queries.ts";

type Progress = AnswerOf<typeof followTask>;

/**
 * Keeps a task that is not over up to date by its events, and says whether they come. While nobody sees the page it does not
 * listen: a browser has few connections to one server.
 */
export function useFollowing({ organization, task }: TaskPlace, isOpen: boolean): boolean {
  const [isLive, setLive] = useState(false);
  const isSeen = useDocumentVisibility() === "visible";
  const queryClient = useQueryClient();
  useEffect(() => {
    if (!isOpen || !isSeen) return;
    const { queryKey } = taskQuery({ organization, task });
    const source = new EventSource(addressOf(followTask, { params: { organization, task } }));
    const take = ({ data }: MessageEvent<string>) => {
      const { attempt: _, ...progress } = JSON.parse(data) as Progress;
      const before = queryClient.getQueryData(queryKey);
      queryClient.setQueryData(queryKey, (known: Task | undefined) => known && { ...known, ...progress });
      if (before && before.status !== progress.status) queryClient.invalidateQueries({ queryKey });
    };
    source.addEventListener("open", () => setLive(true));
    source.addEventListener("error", () => setLive(false));
    source.addEventListener("progress", take);
    source.addEventListener("over", (event) => {
      source.close();
      take(event);
      queryClient.invalidateQueries({ queryKey });
    });
    return () => {
      source.close();
      setLive(false);
    };
  }, [organization, task, isOpen, isSeen, queryClient]);
  return isLive;
}
