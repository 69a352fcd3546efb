import { Fragment, memo } from "react";
import classes from "./LabelButtons.module.css";

type Props = { name: string; shownKey: string | undefined; isActive: boolean; isSaving: boolean };

export const LabelButton = memo(function LabelButton({ name, shownKey, isActive, isSaving }: Props) {
  return (
    <button
      type="button"
      className={classes.label}
      value={name}
      aria-label={name}
      aria-keyshortcuts={shownKey}
      data-active={isActive}
      data-saving={isSaving}
    >
      <kbd className={classes.key}>{shownKey}</kbd>
      <span dir="auto">{breakable(name)}</span>
    </button>
  );
});

/** Lets a name that joins its words, such as `card_not_working`, break between them. */
function breakable(name: string) {
  return name.split(/(?<=[_/.-])/).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a name never change their order.
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
