import { z } from "zod";

/** How far a task is that makes a file; `file` is there when it is completed, `error` when it failed. */
export const MadeFile = z.object({
  status: z.enum(["pending", "queued", "processing", "waiting", "completed", "failed", "cancelled", "escalated"]),
  progress_percentage: z.number().nullable(),
  progress_note: z.string().nullable(),
  file: z.uuid().nullable(),
  name: z.string().nullable(),
  error: z.string().nullable(),
});
export type MadeFile = z.infer<typeof MadeFile>;
