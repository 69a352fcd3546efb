import type { MouseEvent } from "react";
import type { Label } from "../../../modules/labeling/contract.ts";
import { LabelButton } from "./LabelButton.tsx";
import classes from "./LabelButtons.module.css";

type Props = {
  labels: Label[];
  /** The key shown on each, by its place in the list. */
  keyOf: (label: Label, index: number) => string | undefined;
  /** The place of the one that Enter gives. */
  active?: number | undefined;
  saving: string | undefined;
  onChoose: (label: Label) => void;
};

/** The labels a text can get. One listener serves them all, so that a new text draws none of them anew. */
export function LabelButtons({ labels, keyOf, active, saving, onChoose }: Props) {
  const choose = (event: MouseEvent) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const label = labels.find(({ name }) => name === button?.value);
    if (label) onChoose(label);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the buttons inside answer Enter and Space themselves.
    <fieldset className={classes.labels} aria-label="Labels" aria-busy={saving !== undefined} onClick={choose}>
      {labels.map((label, index) => (
        <LabelButton
          key={label.name}
          name={label.name}
          shownKey={keyOf(label, index)}
          isActive={index === active}
          isSaving={label.name === saving}
        />
      ))}
    </fieldset>
  );
}
