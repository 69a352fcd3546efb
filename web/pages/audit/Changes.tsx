import { Fragment } from "react";
import classes from "./RecordEntry.module.css";

const VALUE_LENGTH_MAX = 300;

/** The changed columns, each from its old value to its new one. */
export function Changes({ before, after }: { before: unknown; after: unknown }) {
  const old = valuesOf(before);
  const now = valuesOf(after);
  const columns = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  if (columns.length === 0) return null;
  return (
    <dl className={classes.changes}>
      {columns.map((column) => (
        <Fragment key={column}>
          <dt>{column}</dt>
          <dd>
            {column in old && <del dir="auto">{describe(old[column])}</del>}
            {column in old && column in now && (
              <span role="img" aria-label="became">
                {" → "}
              </span>
            )}
            {column in now && <ins dir="auto">{describe(now[column])}</ins>}
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}

function valuesOf(values: unknown): Record<string, unknown> {
  if (values === null || values === undefined) return {};
  return typeof values === "object" && !Array.isArray(values) ? (values as Record<string, unknown>) : { value: values };
}

function describe(value: unknown): string {
  if (value === null) return "nothing";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text === "") return "empty";
  return text.length > VALUE_LENGTH_MAX ? `${text.slice(0, VALUE_LENGTH_MAX)}…` : text;
}
