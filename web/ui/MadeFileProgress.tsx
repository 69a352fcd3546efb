import { Alert, Button, Group, Progress, Stack, Text } from "@mantine/core";
import type { MadeFile } from "../../modules/tasks/outcome-contract.ts";
import { ProblemAlert } from "./ProblemAlert.tsx";

type Props = {
  /** What is made, such as `Export`. */
  name: string;
  made: MadeFile | undefined;
  isMaking: boolean;
  error: unknown;
  /** Where the file is. */
  addressOfFile: (file: string) => string;
  onAgain: () => void;
};

/** How far the making of a file is, and the file once it is there. */
export function MadeFileProgress({ name, made, isMaking, error, addressOfFile, onAgain }: Props) {
  if (error) return <ProblemAlert error={error} onRetry={onAgain} />;
  if (made?.status === "completed" && made.file)
    return (
      <Group gap="sm" role="status">
        <Button component="a" href={addressOfFile(made.file)} download style={{ maxWidth: "100%" }}>
          Download {made.name ?? name}
        </Button>
        <Text size="sm" c="dimmed">
          It is kept for a day.
        </Text>
      </Group>
    );
  if (isMaking) return <Making name={name} made={made} />;
  if (!made) return null;
  return (
    <Alert color="red" role="alert" title={`${name} was not made`}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{made.error ?? "It was cancelled."}</Text>
        <Button size="xs" variant="default" onClick={onAgain}>
          Try again
        </Button>
      </Stack>
    </Alert>
  );
}

function Making({ name, made }: Pick<Props, "name" | "made">) {
  const { progress_percentage: percentage = null, progress_note: note = null } = made ?? {};
  return (
    <Stack gap={4} maw={640}>
      <Progress.Root>
        <Progress.Section
          value={percentage ?? 100}
          striped={percentage === null}
          animated={percentage === null}
          aria-label={name}
        />
      </Progress.Root>
      <Text size="sm" c="dimmed" component="output">
        {note ?? (made?.status === "processing" ? `${name} is being made…` : `${name} is in line…`)}
      </Text>
    </Stack>
  );
}
