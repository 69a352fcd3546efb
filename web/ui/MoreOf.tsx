import { Button, Group, Stack } from "@mantine/core";
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Loading } from "./Loaded.tsx";
import { ProblemAlert } from "./ProblemAlert.tsx";

type Props<Item> = {
  query: UseInfiniteQueryResult<InfiniteData<{ items: Item[] }>>;
  /** Shown where there is nothing. */
  empty: ReactNode;
  children: (items: Item[]) => ReactNode;
};

/** A list that comes page by page: what has come so far, and a button for more. */
export function MoreOf<Item>({ query, empty, children }: Props<Item>) {
  const items = query.data?.pages.flatMap((page) => page.items);
  const again = () => (query.isFetchNextPageError ? query.fetchNextPage() : query.refetch());
  const problem = query.error && <ProblemAlert error={query.error} onRetry={again} />;
  if (!items) return problem ?? <Loading />;
  return (
    <Stack gap="md">
      {items.length === 0 && !problem ? empty : children(items)}
      {problem}
      {query.hasNextPage && (
        <Group>
          <Button variant="default" onClick={() => query.fetchNextPage()} loading={query.isFetchingNextPage}>
            More
          </Button>
        </Group>
      )}
    </Stack>
  );
}
