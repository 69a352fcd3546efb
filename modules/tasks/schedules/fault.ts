import { Problem } from "../../../kernel/errors.ts";

/** A rule or a time zone that is not right: `field` is where it stands in the request, `message` what to do about it. */
export function fault(field: "rule" | "timezone", message: string): Problem {
  return new Problem("invalid", { errors: [{ field, message }] });
}
