import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { Message, ToolCall } from "../../../modules/assistant/contract.ts";
import { formatCreditsOf } from "../../lib/format.ts";
import { Markdown } from "../../ui/Markdown.tsx";
import classes from "./Assistant.module.css";

/** So near to the end somebody reads along, and is taken further. */
const NEAR_END_PX = 200;

const TOOL_WORDS: Record<string, string> = {
  search_customers: "Looked at customers",
  search_projects: "Looked at projects",
  search_tasks: "Looked at tasks",
};

type Props = {
  messages: Message[];
  /** What was just said, before it is known to be written down. */
  said: string | undefined;
  onRetry: (() => void) | undefined;
};

/** What was said, in its order; who reads at the end stays there. */
export function MessageList({ messages, said, onRetry }: Props) {
  const end = useRef<HTMLDivElement>(null);
  const last = messages.at(-1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the page grows with what is said.
  useEffect(() => {
    const { scrollHeight, scrollTop, clientHeight } = document.documentElement;
    if (scrollHeight - scrollTop - clientHeight < NEAR_END_PX) end.current?.scrollIntoView({ block: "end" });
  }, [last?.id, last?.content, said]);
  return (
    <>
      <ol className={classes.messages} aria-label="Messages">
        {messages.map((message) => (
          <li key={message.id} className={message.author === "user" ? classes.mine : classes.theirs} dir="auto">
            {message.author === "user" ? (
              message.content
            ) : (
              <Answer message={message} onRetry={message === last ? onRetry : undefined} />
            )}
          </li>
        ))}
        {said !== undefined && (
          <li className={classes.mine} dir="auto">
            {said}
          </li>
        )}
      </ol>
      <output className="visually-hidden">{last?.author === "assistant" && STATES[last.status]}</output>
      <div ref={end} />
    </>
  );
}

const STATES: Record<Message["status"], string> = {
  streaming: "The assistant is answering",
  complete: "The assistant has answered",
  stopped: "The reply was stopped",
  failed: "The reply failed",
};

function Answer({ message, onRetry }: { message: Message; onRetry: (() => void) | undefined }) {
  const { content, status, error, tool_calls: calls, cost, model } = message;
  const isOver = status !== "streaming";
  return (
    <Stack gap="xs">
      {calls.length > 0 && <ToolCalls calls={calls} />}
      {content !== "" && <Markdown text={content} place="message" />}
      {!isOver && <span className={classes.waits} aria-hidden="true" />}
      {status === "failed" && (
        <Text size="sm" c="red" role="alert">
          {error ?? "This reply was not written to its end."}
        </Text>
      )}
      {isOver && (
        <Group gap="sm">
          {(status === "failed" || status === "stopped") && onRetry && (
            <Button size="xs" variant="default" onClick={onRetry}>
              Try again
            </Button>
          )}
          <Text size="xs" c="dimmed">
            {[status === "stopped" && "Stopped", model, cost > 0 && formatCreditsOf(cost)].filter(Boolean).join(" · ")}
          </Text>
        </Group>
      )}
    </Stack>
  );
}

function ToolCalls({ calls }: { calls: ToolCall[] }) {
  return (
    <Group gap="xs">
      {calls.map(({ id, tool, status, input, error }) => (
        <Badge
          key={id}
          variant="default"
          tt="none"
          fw={400}
          title={JSON.stringify(input)}
          {...(status === "failed" && { color: "red", variant: "light" })}
          maw="100%"
        >
          {TOOL_WORDS[tool] ?? tool}
          {status === "failed" && `: ${error}`}
        </Badge>
      ))}
    </Group>
  );
}
