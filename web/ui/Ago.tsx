import { formatAgo, formatMoment } from "../lib/format.ts";
import { useNow } from "../lib/now.ts";

/** How long ago something was, or in how long it is; the moment itself is told when one points at it. */
export function Ago({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={formatMoment(at)}>
      {formatAgo(at, now)}
    </time>
  );
}
