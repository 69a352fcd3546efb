import { useWindowEvent } from "@mantine/hooks";
import type { Label } from "../../../modules/labeling/contract.ts";
import { isHeldButton, isPlainKey, isTyping } from "../../lib/keyboard.ts";
import { findByKey } from "../../lib/label-keys.ts";
import { LabelButtons } from "./LabelButtons.tsx";

type Props = { labels: Label[]; saving: string | undefined; onChoose: (label: Label) => void };

/** Labels that are few enough for a key each: pressing it gives the label, wherever the focus is. */
export function LabelKeys({ labels, saving, onChoose }: Props) {
  useWindowEvent("keydown", (event) => {
    if (isHeldButton(event)) event.preventDefault();
    if (!isPlainKey(event) || isTyping(event)) return;
    const label = findByKey(labels, event);
    if (!label) return;
    event.preventDefault();
    onChoose(label);
  });
  return <LabelButtons labels={labels} keyOf={keyOf} saving={saving} onChoose={onChoose} />;
}

function keyOf(label: Label): string | undefined {
  return label.key;
}
