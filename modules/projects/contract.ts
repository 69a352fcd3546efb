import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

const ORGANIZATION = "/api/organizations/:organization";

/** The columns of a board, from left to right. */
export const CardStatus = z.enum(["todo", "in_progress", "review", "done", "cancelled"]);
export type CardStatus = z.infer<typeof CardStatus>;

/** Where a card stands after it was moved. */
const CardPlace = z.object({ id: z.uuid(), status: CardStatus, rank: z.string(), version: z.int() });

/** What a refused move is answered with, in the problem's `current`: the card as it is, and the column that it was to come into, in order. */
export const BoardNow = z.object({ card: CardPlace, order: z.array(z.uuid()) });
export type BoardNow = z.infer<typeof BoardNow>;

export const moveCard = endpoint({
  name: "projects.task.move",
  summary: "Put a card into a column: before another card, behind one, or at the end",
  method: "POST",
  path: `${ORGANIZATION}/projects/tasks/:card/move`,
  access: "projects.project.write",
  params: z.object({ organization: z.string(), card: z.uuid() }),
  body: z
    .object({
      status: CardStatus,
      before_id: z.uuid().optional(),
      after_id: z.uuid().optional(),
      /** The version of the card that the caller has seen. */
      version: z.int(),
    })
    .refine(({ before_id, after_id }) => !(before_id && after_id), "A card is put before another one or behind it."),
  answer: CardPlace,
  example: { body: { status: "review", version: 1 } },
});

export const readProgress = endpoint({
  name: "projects.project.progress",
  summary: "How far a project is: its cards, and those that are done",
  method: "GET",
  path: `${ORGANIZATION}/projects/projects/:project/progress`,
  access: "projects.project.read",
  params: z.object({ organization: z.string(), project: z.uuid() }),
  answer: z.object({ tasks: z.int(), tasks_done: z.int(), progress_percentage: z.int() }),
});
