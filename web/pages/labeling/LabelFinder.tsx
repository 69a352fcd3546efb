import { Button, TextInput } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { useMemo, useRef, useState } from "react";
import type { Label } from "../../../modules/labeling/contract.ts";
import { isHeldButton, isPlainKey, isTyping } from "../../lib/keyboard.ts";
import { searchLabels } from "../../lib/label-search.ts";
import { Keys } from "../../ui/Keys.tsx";
import { LabelButtons } from "./LabelButtons.tsx";

const PLACES = 9;
/** Drawing more buttons than this would delay the next text. */
const SHOWN_AT_FIRST = 100;

type Props = { labels: Label[]; assignmentId: string; saving: string | undefined; onChoose: (label: Label) => void };

/** Labels that are too many for a key each: typing finds them, Enter gives the marked one, 1 to 9 one of the first. */
export function LabelFinder({ labels, assignmentId, saving, onChoose }: Props) {
  const input = useRef<HTMLInputElement>(null);
  // What was typed belongs to its text: the next one begins with an empty field.
  const [search, setSearch] = useState({ assignmentId, query: "", active: 0 });
  const { query, active } = search.assignmentId === assignmentId ? search : { query: "", active: 0 };
  const matches = useMemo(() => searchLabels(labels, query), [labels, query]);
  const [shown, setShown] = useState(SHOWN_AT_FIRST);
  const marked = query.trim() === "" ? undefined : active;

  const give = (index: number | undefined) => {
    const label = index === undefined ? undefined : matches[index];
    if (label) onChoose(label);
  };
  const mark = (index: number) =>
    setSearch({ assignmentId, query, active: Math.max(0, Math.min(index, matches.length - 1)) });
  const inField: Record<string, () => void> = {
    Enter: () => give(marked),
    ArrowDown: () => mark(active + 1),
    ArrowUp: () => mark(active - 1),
    Escape: () => setSearch({ assignmentId, query: "", active: 0 }),
  };

  const actionOf = (key: string, isHere: boolean) => {
    const place = isHere && goesOn(labels, query, key) ? undefined : placeOf(key);
    if (place !== undefined) return () => give(place);
    return isHere ? inField[key] : undefined;
  };

  useWindowEvent("keydown", (event) => {
    if (isHeldButton(event)) event.preventDefault();
    const isHere = event.target === input.current;
    if (!isPlainKey(event) || (isTyping(event) && !isHere)) return;
    const action = actionOf(event.key, isHere);
    if (action) {
      event.preventDefault();
      action();
    } else if (isCharacter(event.key)) input.current?.focus();
  });

  return (
    <>
      <TextInput
        ref={(node) => takeFocus(node, input)}
        type="search"
        label="Find a label"
        autoComplete="off"
        spellCheck={false}
        maw={420}
        value={query}
        onChange={(event) => setSearch({ assignmentId, query: event.currentTarget.value, active: 0 })}
      />
      <Keys keys={KEYS} />
      <output className="visually-hidden">{describe(matches, marked)}</output>
      {matches.length === 0 && <span>No label has “{query}” in its name.</span>}
      <LabelButtons
        labels={matches.slice(0, shown)}
        keyOf={placeKey}
        active={marked}
        saving={saving}
        onChoose={onChoose}
      />
      {matches.length > shown && (
        <Button variant="subtle" onClick={() => setShown(labels.length)} style={{ alignSelf: "flex-start" }}>
          Show all {matches.length}
        </Button>
      )}
    </>
  );
}

const KEYS: [string, string][] = [
  ["a–z", "finds"],
  ["Enter", "gives the marked one"],
  ["↑ ↓", "marks another"],
  ["1–9", "gives one of the first nine"],
  ["Esc", "clears"],
];

/** On a touch screen the focus would call up the keyboard over the labels. */
function takeFocus(node: HTMLInputElement | null, input: { current: HTMLInputElement | null }): void {
  if (node && input.current !== node && window.matchMedia("(pointer: fine)").matches)
    node.focus({ preventScroll: true });
  input.current = node;
}

/** Whether a digit belongs to a name that is being typed, as in "level 2": it must not give a label by its place then. */
function goesOn(labels: Label[], query: string, key: string): boolean {
  return query.trim() !== "" && searchLabels(labels, query + key).length > 0;
}

function placeOf(key: string): number | undefined {
  return /^[1-9]$/.test(key) ? Number(key) - 1 : undefined;
}

function isCharacter(key: string): boolean {
  return key.length === 1 && key !== " ";
}

function placeKey(_: Label, index: number): string | undefined {
  return index < PLACES ? String(index + 1) : undefined;
}

function describe(matches: Label[], marked: number | undefined): string {
  if (marked === undefined) return "";
  const label = matches[marked];
  return label ? `${label.name}, ${marked + 1} of ${matches.length}` : "No label matches";
}
