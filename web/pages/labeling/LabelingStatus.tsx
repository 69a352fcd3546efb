import { Text } from "@mantine/core";
import { formatCount } from "../../lib/format.ts";
import classes from "./LabelingStatus.module.css";

type Props = { done: number; lastLabel: string | undefined; saving: string | undefined };

/** How many were labeled since the page was opened, and that a label is on its way when that takes long. */
export function LabelingStatus({ done, lastLabel, saving }: Props) {
  return (
    <div className={classes.line}>
      <Text size="sm" c="dimmed" component="output" dir="auto">
        {lastLabel === undefined
          ? "Choose a label; the next text follows at once."
          : `${formatCount(done)} done. Last: ${lastLabel}`}
      </Text>
      {saving !== undefined && (
        <Text size="sm" component="output" className={classes.slow}>
          Saving…
        </Text>
      )}
    </div>
  );
}
