import { z } from "zod";

/** Rows of a page, unless told otherwise, and at most. */
export const PAGE_ROWS = 50;
export const PAGE_ROWS_MAX = 200;

export const NO_CURSOR = "This is no cursor. Send next_cursor as it was answered.";

/** What a list takes to go on page by page; `cursor` is how its cursors are written. */
export function pageQuery(cursor: z.ZodType<string> = z.uuid(NO_CURSOR)) {
  return {
    cursor: cursor.optional(),
    limit: z.coerce.number().int().min(1).max(PAGE_ROWS_MAX).default(PAGE_ROWS),
  };
}

/** A page of a list: its rows, and the cursor of the next page, or null at the end. */
export function pageOf<Row extends z.ZodType>(row: Row) {
  return z.object({ items: z.array(row), next_cursor: z.string().nullable() });
}
