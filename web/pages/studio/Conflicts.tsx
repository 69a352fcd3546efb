import { Alert, Button, Paper, SimpleGrid, Stack, Text } from "@mantine/core";
import { type Conflict, keyOf, wordsOf } from "../../lib/structuring.ts";
import classes from "./Studio.module.css";
import { spotWords } from "./words.ts";

type Props = { conflicts: Conflict[]; onChoose: (conflict: Conflict, side: "mine" | "theirs") => void };

/** What two people changed at once, side by side: one of both is chosen, and nothing is saved before. */
export function Conflicts({ conflicts, onChoose }: Props) {
  if (conflicts.length === 0) return null;
  return (
    <Alert color="orange" role="alert" title="Somebody else changed the same">
      <Stack gap="md">
        <Text size="sm">Choose what is to stay. Nothing is saved before.</Text>
        {conflicts.map((conflict) => (
          <Stack key={keyOf(conflict.spot)} gap="xs" role="group" aria-label={`Conflict: ${spotWords(conflict.spot)}`}>
            <Text fw={600} size="sm">
              {spotWords(conflict.spot)}
            </Text>
            <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
              <Side title="Yours" conflict={conflict} side="mine" onChoose={onChoose} />
              <Side title="Theirs" conflict={conflict} side="theirs" onChoose={onChoose} />
            </SimpleGrid>
          </Stack>
        ))}
      </Stack>
    </Alert>
  );
}

type SideProps = { title: string; conflict: Conflict; side: "mine" | "theirs" } & Pick<Props, "onChoose">;

function Side({ title, conflict, side, onChoose }: SideProps) {
  const value = conflict[side];
  return (
    <Paper withBorder p="sm">
      <Stack gap="xs" align="flex-start">
        <Text size="xs" c="dimmed">
          {title}
        </Text>
        <Text size="sm" dir="auto" className={classes.text} {...(value === null && { fs: "italic" })}>
          {value === null ? "Deleted" : wordsOf(conflict.spot.field, value) || "Empty"}
        </Text>
        <Button size="xs" variant="default" onClick={() => onChoose(conflict, side)}>
          {side === "mine" ? "Keep yours" : "Take theirs"}
        </Button>
      </Stack>
    </Paper>
  );
}
