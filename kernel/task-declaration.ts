import type { ZodType } from "zod";

/** How many tasks of a kind run at once, and how many may begin in a time; each within an organization. */
export type TaskLimits = {
  /** Those with the same lane share so many places. */
  lane?: { name: string; places: number };
  /** Of those with the same key, so many may begin in so many seconds, evenly, and `burst` of them at once. */
  rate?: { key: string; count: number; seconds: number; burst: number };
};

/** What a kind of task is, and how it is treated, apart from what it does. */
export type TaskDeclaration<Input = unknown> = {
  /** Its name, such as `labeling.import_texts`: the module's, then what is done. */
  type: string;
  summary: string;
  category:
    | "content"
    | "ecommerce"
    | "customer_service"
    | "analytics"
    | "labeling"
    | "evaluation"
    | "assistant"
    | "system";
  workerType: "ai" | "integration" | "webhook" | "internal";
  input: ZodType<Input>;
  /** How long one try may take. */
  timeLimitSeconds: number;
  /** How often it is tried in all. */
  attemptsMax: number;
  /** What it will likely cost, in micro-credits: so much is set aside before each try. */
  estimateCost?(input: Input): number;
  limits?(input: Input): TaskLimits;
  /**
   * To whom it goes when every try has failed, by the role's name: its holders do it by hand, with a form as `modules/tasks/forms-contract.ts`
   * tells, and what they fill in is the result; or they give it up. Left out, it has failed.
   */
  escalation?: { role: string; details?: string; form?: readonly object[] };
  /** Whether members may start it by itself; others are started by the verbs of their module. */
  isOpen: boolean;
};
