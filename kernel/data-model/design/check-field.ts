import type { DesignFault, Field, FieldType } from "./design.ts";

type Finding = Omit<DesignFault, "place">;

const TEXTS: FieldType[] = ["text", "long_text"];
const WHOLE: FieldType[] = ["integer", "bigint", "money"];
const NUMBERS: FieldType[] = [...WHOLE, "decimal", "number"];

/** The greatest size of a value: characters of a text, bytes of JSON. */
const SIZE_MAX = 1_048_576;
const INTEGER_MAX = 2_147_483_647;

/** What does not fit together in one field. */
export function checkField(field: Field): Finding[] {
  return [...checkType(field), ...checkBounds(field), ...checkValues(field), ...checkDefault(field)];
}

function checkType({ name, type, unique }: Field): Finding[] {
  const findings: Finding[] = [];
  if (name.endsWith("_at") && type !== "moment")
    findings.push({
      problem: `a name with _at is a moment's, and this is ${type}`,
      advice: "Write type: moment, or another name.",
    });
  if (type === "number" && /amount|price|total|cost|balance/.test(name))
    findings.push({
      problem: "a number cannot hold a tenth, so sums of it go wrong",
      advice: "Write type: money, or integer for a count.",
    });
  if (unique && (type === "decimal" || type === "json"))
    findings.push({ problem: `no index keeps ${type} unique here`, advice: "Take unique out, or use another type." });
  if (unique && type === "long_text")
    findings.push({ problem: "a long text is too long for an index", advice: "Write type: text with a max." });
  return findings;
}

function checkBounds(field: Field): Finding[] {
  const { type, min, max } = field;
  if (TEXTS.includes(type) || type === "json") return checkSize(field);
  const bounds = [min, max].filter((bound) => bound !== undefined);
  if (bounds.length === 0) return [];
  if (!NUMBERS.includes(type)) return [{ problem: `a ${type} has no min and max`, advice: "Take them out." }];
  const findings: Finding[] = [];
  if (WHOLE.includes(type) && bounds.some((bound) => !Number.isSafeInteger(bound)))
    findings.push({ problem: `min and max of this ${type} are whole numbers`, advice: "Round them." });
  if (type === "integer" && bounds.some((bound) => Math.abs(bound) > INTEGER_MAX))
    findings.push({ problem: `an integer goes to ${INTEGER_MAX}`, advice: "Write type: bigint." });
  if (min !== undefined && max !== undefined && min > max)
    findings.push({ problem: `min ${min} is above max ${max}`, advice: "Turn them round." });
  return findings;
}

function checkSize({ type, min, max }: Field): Finding[] {
  const findings: Finding[] = [];
  if (min !== undefined)
    findings.push({ problem: `a ${type} has no min`, advice: "Write required: true where it may not be empty." });
  if (max !== undefined && !(Number.isInteger(max) && max >= 1 && max <= SIZE_MAX))
    findings.push({ problem: `max is ${max}`, advice: `Write a whole number from 1 to ${SIZE_MAX}.` });
  return findings;
}

function checkValues({ type, values, max }: Field): Finding[] {
  if (!values) return [];
  if (type !== "text")
    return [{ problem: `only a text has values, and this is ${type}`, advice: "Write type: text, or take them out." }];
  const findings: Finding[] = [];
  if (new Set(values).size < values.length)
    findings.push({ problem: "a value is there twice", advice: "Take one out." });
  if (max !== undefined) findings.push({ problem: "the values are its max already", advice: "Take max out." });
  return findings;
}

/** What a default of each type is. */
function fits({ type, values, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: Field, given: unknown) {
  if (type === "boolean") return typeof given === "boolean";
  if (TEXTS.includes(type))
    return typeof given === "string" && (values ? values.includes(given) : [...given].length <= max);
  if (!NUMBERS.includes(type) || typeof given !== "number" || given < min || given > max) return false;
  return (
    !WHOLE.includes(type) || (Number.isSafeInteger(given) && (type !== "integer" || Math.abs(given) <= INTEGER_MAX))
  );
}

function checkDefault(field: Field): Finding[] {
  const { type, default: given } = field;
  if (given === undefined || fits(field, given)) return [];
  if (type === "moment" && given === "now") return [];
  const advice =
    type === "moment"
      ? "Write default: now, or take it out."
      : ["date", "json"].includes(type)
        ? "Take it out."
        : "Write a value that the field may hold.";
  return [{ problem: `${JSON.stringify(given)} is no default of this ${type}`, advice }];
}
