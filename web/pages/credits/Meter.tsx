import { formatShare } from "../../lib/format.ts";
import classes from "./Credits.module.css";

const NEAR = 0.8;

/** `amounts` tells in words how much is used of how much. */
type Props = { label: string; used: number; limit: number; amounts: string };

/** How much of a limit is used; a line marks 80 per cent, and from there on words tell too. */
export function Meter({ label, used, limit, amounts }: Props) {
  const share = limit > 0 ? used / limit : 1;
  const level = share >= 1 ? "full" : share >= NEAR ? "near" : "fine";
  return (
    <div>
      <div className={classes.amounts}>
        <span>{amounts}</span>
        <span data-level={level} className={classes.level}>
          {level === "full" && "Limit reached, "}
          {level === "near" && "Nearly used up, "}
          {formatShare(share)}
        </span>
      </div>
      <meter
        className="visually-hidden"
        aria-label={label}
        min={0}
        max={Math.max(limit, 1)}
        value={Math.min(used, limit)}
      >
        {`${amounts}, ${formatShare(share)}`}
      </meter>
      <div className={classes.bar} aria-hidden="true">
        <div className={classes.fill} data-level={level} style={{ width: `${Math.min(share, 1) * 100}%` }} />
        <div className={classes.mark} style={{ insetInlineStart: `${NEAR * 100}%` }} title="80%" />
      </div>
    </div>
  );
}
