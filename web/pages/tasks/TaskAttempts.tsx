import { Code, Stack, Text } from "@mantine/core";
import { formatCreditsOf, formatDuration } from "../../lib/format.ts";
import type { Task } from "../../lib/task-queries.ts";
import { Ago } from "../../ui/Ago.tsx";
import { Section } from "../../ui/Section.tsx";
import { failureClassOf, messageOf } from "./failures.ts";
import classes from "./Tasks.module.css";

type Attempt = Task["attempts_made"][number];

const WORDS: Record<Attempt["status"], string> = {
  succeeded: "succeeded",
  failed: "failed",
  lost: "its worker vanished",
  cancelled: "was cancelled",
};

/** Every try, the latest first. */
export function TaskAttempts({ task: { attempts_made, attempts_max } }: { task: Task }) {
  const attempts = attempts_made.toReversed();
  return (
    <Section title="Attempts" description={`At most ${attempts_max}`}>
      {attempts.length === 0 ? (
        <Text size="sm" c="dimmed">
          None has ended yet.
        </Text>
      ) : (
        <Stack component="ol" gap="md" p={0} m={0} style={{ listStyle: "none" }} aria-label="Attempts">
          {attempts.map((attempt) => (
            <One key={`${attempt.attempt} ${attempt.started_at}`} attempt={attempt} />
          ))}
        </Stack>
      )}
    </Section>
  );
}

function One({ attempt }: { attempt: Attempt }) {
  const { failure_class, cost, log } = attempt;
  const message = messageOf(attempt.error_details);
  const what = failure_class ? `${WORDS[attempt.status]}: ${failureClassOf(failure_class)}` : WORDS[attempt.status];
  return (
    <Stack component="li" gap={4}>
      <Text fw={600}>
        Attempt {attempt.attempt} {what}
      </Text>
      <Text size="sm" c="dimmed">
        <Ago at={attempt.started_at} />, took {formatDuration(attempt.duration_ms)}
        {cost !== null && cost > 0 && `, cost ${formatCreditsOf(cost)}`}
      </Text>
      {message && (
        <Text size="sm" dir="auto" className={classes.text ?? ""}>
          {message}
        </Text>
      )}
      {log.trim() !== "" && (
        <details className={classes.log} aria-label={`Log of attempt ${attempt.attempt}`}>
          <summary>Log</summary>
          <Code block className={classes.code ?? ""} mt={4} tabIndex={0}>
            {log}
          </Code>
        </details>
      )}
    </Stack>
  );
}
