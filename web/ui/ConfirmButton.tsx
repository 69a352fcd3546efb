import { Button } from "@mantine/core";
import { useState } from "react";

type Props = {
  label: string;
  /** What the button stands beside, for whoever does not see that. */
  of: string;
  question: string;
  isPending: boolean;
  onConfirm: () => void;
};

/** A button for what is not easily undone: it asks once more in its own place. */
export function ConfirmButton({ label, of, question, isPending, onConfirm }: Props) {
  const [isAsking, setAsking] = useState(false);
  const [hasAsked, setHasAsked] = useState(false);
  if (!isAsking)
    return (
      <Button
        variant="default"
        size="xs"
        aria-label={`${label}: ${of}`}
        loading={isPending}
        autoFocus={hasAsked}
        onClick={() => setAsking(true)}
      >
        {label}
      </Button>
    );
  const end = () => {
    setHasAsked(true);
    setAsking(false);
  };
  const confirm = () => {
    end();
    onConfirm();
  };
  return (
    <>
      <Button color="red" size="xs" autoFocus aria-label={`${question}: ${of}`} onClick={confirm}>
        {question}
      </Button>
      <Button variant="default" size="xs" onClick={end}>
        Keep
      </Button>
    </>
  );
}
