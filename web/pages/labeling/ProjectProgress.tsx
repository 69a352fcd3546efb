import type { Figures } from "../../../modules/labeling/contract.ts";
import { formatShare } from "../../lib/format.ts";
import classes from "./ProjectProgress.module.css";

const PARTS = ["approved", "submitted", "rejected", "in_progress"] as const;

type Props = { figures: Figures; name: string };

/** How far a project is: approved, waiting for review, sent back and in progress, over all its texts. */
export function ProjectProgress({ figures, name }: Props) {
  const total = Math.max(figures.total, 1);
  return (
    <div
      className={classes.bar}
      role="progressbar"
      aria-label={`Approved in ${name}`}
      aria-valuemin={0}
      aria-valuemax={figures.total}
      aria-valuenow={figures.approved}
      aria-valuetext={`${formatShare(figures.approved / total)} approved`}
      tabIndex={-1}
    >
      {PARTS.map((part) => (
        <div
          key={part}
          className={classes.part}
          data-part={part}
          style={{ width: `${(figures[part] / total) * 100}%` }}
        />
      ))}
    </div>
  );
}
