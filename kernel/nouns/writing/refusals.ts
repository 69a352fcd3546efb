import pg from "pg";
import { hasState } from "../../database/errors.ts";
import { type FieldFault, Problem, type ProblemCode } from "../../errors.ts";
import { refusalOf } from "../../http/problem-document.ts";
import type { Noun } from "../noun.ts";

/** Does what writes rows of a noun, and says by their fields what PostgreSQL refuses, never with its words: they may name values. */
export async function refusing<T>(noun: Noun, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw writeRefusalOf(noun, error) ?? error;
  }
}

/** What PostgreSQL refuses to write, as a problem; undefined for an error that says nothing about the row. */
export function writeRefusalOf(noun: Noun, error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (!(error instanceof pg.DatabaseError)) return undefined;
  if (isOfTrigger(error)) {
    return new Problem("conflict", {
      detail: `${error.message}.`,
      ...(error.hint && { hint: error.hint }),
      cause: error,
    });
  }
  // Whatever it refuses about the caller, and not about the row, is not this function's.
  const known = refusalOf(error);
  if (known) return known.code === "conflict" || known.code === "invalid" ? known : undefined;
  const refused = Object.values(KINDS).find(({ is }) => is(error));
  if (!refused) return undefined;
  const fields = fieldsOf(noun, error);
  const errors = fields.map((field): FieldFault => ({ field, message: refused.message(noun, fields, field) }));
  return new Problem(refused.code, { ...(errors.length > 0 ? { errors } : { detail: refused.detail }), cause: error });
}

/** A trigger of ours that guards states or what is append-only. A foreign key that restricts has the same state, and a name. */
function isOfTrigger(error: pg.DatabaseError): boolean {
  return hasState(error, "restrict_violation") && !error.constraint;
}

type Kind = {
  is(error: pg.DatabaseError): boolean;
  code: ProblemCode;
  message(noun: Noun, fields: readonly string[], field: string): string;
  /** Where no field can be named. */
  detail: string;
};

const KINDS: readonly Kind[] = [
  {
    is: (error) => hasState(error, "unique_violation"),
    code: "conflict",
    message: (_, fields) =>
      fields.length > 1 ? `Another one has the same ${listed(fields)} already.` : "Another one has this already.",
    detail: "There is one like this already.",
  },
  {
    is: (error) => hasState(error, "exclusion_violation"),
    code: "conflict",
    message: (_, fields) => `Another one is in the way of this ${listed(fields)}.`,
    detail: "Another one is in the way of this.",
  },
  {
    is: (error) => hasState(error, "foreign_key_violation") || hasState(error, "restrict_violation"),
    code: "invalid",
    message: () => "There is none like this in the organization.",
    detail: "Something that this names is not there.",
  },
  {
    is: (error) => hasState(error, "not_null_violation"),
    code: "invalid",
    message: () => "This must be given.",
    detail: "Something that must be given is missing.",
  },
  {
    is: (error) => hasState(error, "check_violation"),
    code: "invalid",
    message: (noun, fields, field) => {
      const { bytes } = noun.facts.columns[field] ?? {};
      if (fields.length > 1) return `These do not fit together: ${listed(fields)}.`;
      return bytes
        ? `This has another form than it should, or more than ${bytes} bytes.`
        : "This is not a value that it takes.";
    },
    detail: "Values do not fit together.",
  },
  {
    // Values that no type takes.
    is: ({ code = "" }) => code.startsWith("22"),
    code: "invalid",
    message: () => "This is not a value that it takes.",
    detail: "A value is not one that can be stored.",
  },
];

function listed(fields: readonly string[]): string {
  return fields.length > 1 ? `${fields.slice(0, -1).join(", ")} and ${fields.at(-1)}` : fields.join();
}

/** The columns that the caller knows of and that the refusal is about. */
function fieldsOf(noun: Noun, { table, schema, column, constraint = "" }: pg.DatabaseError): string[] {
  if (`${schema}.${table}` !== noun.table) return [];
  const names = column ? [column] : (noun.facts.constraints[constraint] ?? []);
  return names.filter((name) => name in noun.columns);
}
