import { Badge } from "@mantine/core";
import type { Stage } from "../../../modules/crm/contract.ts";

const LOOKS: Record<Stage, { word: string; color: string }> = {
  lead: { word: "Lead", color: "gray" },
  prospect: { word: "Prospect", color: "blue" },
  active: { word: "Active", color: "teal" },
  churned: { word: "Lost", color: "red" },
};

export const STAGES = Object.keys(LOOKS) as Stage[];

/** The word for a stage, whichever there is. */
export function stageWord(stage: string): string {
  return isStage(stage) ? LOOKS[stage].word : stage;
}

export function StageBadge({ stage }: { stage: string }) {
  return (
    <Badge
      flex="none"
      variant="outline"
      color={isStage(stage) ? LOOKS[stage].color : "gray"}
      c="var(--mantine-color-text)"
    >
      {stageWord(stage)}
    </Badge>
  );
}

function isStage(word: string): word is Stage {
  return Object.hasOwn(LOOKS, word);
}
