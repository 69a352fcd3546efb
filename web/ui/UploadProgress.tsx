import { Progress, Stack, Text } from "@mantine/core";

/** A screen reader hears of the upload in steps of this share. */
const SPOKEN_STEP_PERCENT = 25;

type Props = {
  /** The share of the file that has left, 0 to 1. */
  sent: number;
  doing: string;
};

export function UploadProgress({ sent, doing }: Props) {
  const percent = Math.floor(sent * 100);
  const phase = percent < 100 ? "Sending" : doing;
  const spoken = Math.floor(percent / SPOKEN_STEP_PERCENT) * SPOKEN_STEP_PERCENT;
  return (
    <Stack gap={4}>
      <Progress value={percent} animated={percent === 100} aria-label="Upload" />
      <Text size="sm" c="dimmed" aria-hidden="true">
        {percent < 100 ? `${phase} the file: ${percent}%` : `${phase} the rows…`}
      </Text>
      <output className="visually-hidden">
        {percent < 100 ? `${phase} the file: ${spoken}%` : `${phase} the rows`}
      </output>
    </Stack>
  );
}
