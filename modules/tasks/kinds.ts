import type { ZodError } from "zod";
import { Problem } from "../../kernel/errors.ts";
import type { Services } from "../../kernel/services.ts";
import type { TaskDeclaration } from "../../kernel/task-declaration.ts";

/** The kind of a type that members may start by themselves. Throws invalid where there is none, and names the field `type`. */
export function openKind({ kinds }: Pick<Services, "kinds">, type: string): TaskDeclaration {
  const kind = kinds.get(type);
  if (kind?.isOpen) return kind;
  const open = [...kinds.values()].filter(({ isOpen }) => isOpen).map((each) => each.type);
  const message = kind
    ? `Tasks of the type "${type}" cannot be started by themselves.`
    : `There are no tasks of the type "${type}".`;
  const choice = open.length > 0 ? ` These can be started: ${open.join(", ")}.` : "";
  throw new Problem("invalid", { errors: [{ field: "type", message: `${message}${choice}` }] });
}

/** The input as its kind has it. Throws invalid, and names each field below `input`. */
export function readInput({ input }: TaskDeclaration, given: unknown): unknown {
  const result = input.safeParse(given);
  if (result.success) return result.data;
  throw new Problem("invalid", { errors: faultsOf(result.error) });
}

function faultsOf({ issues }: ZodError): { field: string; message: string }[] {
  return issues.map(({ path, message }) => ({ field: ["input", ...path].join("."), message }));
}
