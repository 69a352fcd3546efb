import { Skeleton, Stack } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ProblemAlert } from "./ProblemAlert.tsx";

type Props<T> = { query: UseQueryResult<T>; children: (data: T) => ReactNode };

const LINES = ["60%", "100%", "85%"];

/** Shows what a query brought, that it is still under way, or why it failed. What is out of date is shown with the reason. */
export function Loaded<T>({ query, children }: Props<T>) {
  const problem = query.error && <ProblemAlert error={query.error} onRetry={() => query.refetch()} />;
  if (query.data === undefined) return problem ?? <Loading />;
  return (
    <>
      {problem}
      {children(query.data)}
    </>
  );
}

export function Loading() {
  return (
    <Stack gap="sm" aria-busy="true">
      <output className="visually-hidden">Loading…</output>
      {LINES.map((width) => (
        <Skeleton key={width} height={24} width={width} />
      ))}
    </Stack>
  );
}
