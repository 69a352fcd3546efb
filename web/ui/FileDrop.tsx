import { Text } from "@mantine/core";
import { type ChangeEvent, type DragEvent, useState } from "react";
import classes from "./FileDrop.module.css";

type Props = { label: string; hint: string; accept: string; onChoose: (file: File) => void };

/** A place to drop a file on, which also opens the device's file chooser. */
export function FileDrop({ label, hint, accept, onChoose }: Props) {
  const [isOver, setOver] = useState(false);
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.currentTarget.files?.[0];
    // Without this, choosing the same file again after mending it would change nothing.
    event.currentTarget.value = "";
    if (file) onChoose(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) onChoose(file);
  };
  const dragOver = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  return (
    <label
      className={classes.area}
      data-over={isOver}
      onDragOver={dragOver}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input className="visually-hidden" type="file" accept={accept} onChange={choose} />
      <Text component="span" fw={600}>
        {label}
      </Text>
      <Text component="span" size="sm" c="dimmed">
        {hint}
      </Text>
    </label>
  );
}
