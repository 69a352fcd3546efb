import { ZodError, z } from "zod";
import { Problem } from "../../kernel/errors.ts";
import type { Services } from "../../kernel/services.ts";
import type { TaskDeclaration } from "../../kernel/task-declaration.ts";
import { SECRET_MESSAGE, secretPaths } from "./secret-fields.ts";

/** The kinds that members may start by themselves, by type. */
export function openKinds({ kinds }: Pick<Services, "kinds">): TaskDeclaration[] {
  return [...kinds.values()].filter((kind) => kind.isOpen).sort((a, b) => (a.type < b.type ? -1 : 1));
}

/** What members want to run: the kind of its type. Throws invalid where they may not, and where its input holds a secret; both stand at `path`. */
export function openKind(
  services: Pick<Services, "kinds">,
  { type, input }: { type: string; input?: unknown },
  path: readonly PropertyKey[] = [],
): TaskDeclaration {
  const kind = services.kinds.get(type);
  if (!kind?.isOpen) {
    const types = openKinds(services).map((open) => open.type);
    const hint = types.length === 0 ? "There is none that may be started." : `There are ${types.join(", ")}.`;
    throw new ZodError([issueAt([...path, "type"], `There is no type of task "${type}" that may be started. ${hint}`)]);
  }
  const secrets = secretPaths(input, [...path, "input"]);
  if (secrets.length > 0) throw new ZodError(secrets.map((place) => issueAt(place, SECRET_MESSAGE)));
  return kind;
}

/** A name of a caller's own for what people do. */
const WORK_TYPE = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/;

/**
 * What people do by themselves, as a kind: its type is a name of the caller's own, and its input whatever they are to work on. Throws
 * invalid for a type that a program executes, without a name to read, and where the input holds a secret.
 */
export function workKind(
  { kinds }: Pick<Services, "kinds">,
  { type, name, input }: { type: string; name?: string | undefined; input?: unknown },
  path: readonly PropertyKey[] = [],
): TaskDeclaration {
  const isOwn = WORK_TYPE.test(type) && !kinds.has(type);
  const issues = [
    ...(isOwn ? [] : [issueAt([...path, "type"], "Give what people do a name of your own, such as warehouse.pack.")]),
    ...(name === undefined ? [issueAt([...path, "name"], "Say what is to be done.")] : []),
    ...secretPaths(input, [...path, "input"]).map((place) => issueAt(place, SECRET_MESSAGE)),
  ];
  if (issues.length > 0) throw new ZodError(issues);
  const summary = name ?? type;
  const nothing = { category: "system", workerType: "internal", timeLimitSeconds: 0, attemptsMax: 1 } as const;
  return { ...nothing, type, summary, input: z.unknown(), isOpen: true };
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

function issueAt(path: readonly PropertyKey[], message: string): ZodError["issues"][number] {
  return { code: "custom", path: [...path], message, input: undefined };
}
