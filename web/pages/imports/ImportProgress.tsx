import { Progress } from "@mantine/core";
import { type ImportInList, isOver } from "../../lib/import-queries.ts";
import { wordsOf } from "../../lib/import-wish.ts";

/** How far an import is that is under way. */
export function ImportProgress({ load }: { load: ImportInList }) {
  if (isOver(load) || load.state === "waiting") return null;
  return (
    <Progress.Root size="md" maw={640} my={4}>
      <Progress.Section
        value={load.progress}
        animated
        aria-label={`Progress of the import into ${wordsOf(load.noun)}`}
      />
    </Progress.Root>
  );
}
