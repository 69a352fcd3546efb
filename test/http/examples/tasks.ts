import type { Examples } from "./example.ts";

/** The address is one of digits, which nobody has to look up. */
export const TASKS: Examples = {
  "tasks.task.create": { body: { type: "example.echo", input: { text: "Example" } } },
  "tasks.task.create_many": {
    body: {
      tasks: [
        { type: "example.echo", ref: "a" },
        { type: "example.echo", parent: "a" },
      ],
    },
  },
  "tasks.task.update": { body: { priority: 3 } },
  "tasks.task.cancel_many": { body: { ids: [":task"] } },
  "tasks.task.replay": { body: { type: "example.echo" } },
  "tasks.task.rate": { body: { quality_score: 4.5, user_feedback: { helpful: true } } },
  "tasks.workflow.create": { body: { name: "Example", tasks: [{ type: "example.echo" }] } },
  "tasks.webhook_endpoint.create": { body: { name: "Example", url: "https://93.184.215.14/hook" } },
  "tasks.webhook_endpoint.update": { body: { status: "paused" } },
  "tasks.webhook_endpoint.rotate_secret": { body: { overlap_hours: 1 } },
  "tasks.approval.decide": { body: { decision: "approved" } },
  "tasks.approval.hand_over": { body: { role: ":role" } },
  "tasks.callback.answer": { body: { status: "succeeded", output: { done: true } } },
};
