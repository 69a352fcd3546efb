import { Button, CloseButton, Fieldset, Group, Stack, Text, TextInput } from "@mantine/core";
import { type KeyboardEvent, useEffect, useRef } from "react";
import {
  ITEMS_MAX,
  LINE_LENGTH_MAX,
  type ListField,
  NAME_LENGTH_MAX,
  type Structuring,
} from "../../../modules/studio/structuring-contract.ts";
import { ITEM_FIELDS, type Item, itemsOf, newItem } from "../../lib/structuring.ts";
import classes from "./Studio.module.css";
import { FIELD_WORDS, HINTS, ITEM_WORDS } from "./words.ts";

type Props = {
  field: ListField;
  content: Structuring;
  error: string | undefined;
  onChange: (content: Structuring) => void;
};

/** A list: Enter adds an item behind the one that is written, Alt and an arrow moves it. */
export function ItemFields({ field, content, error, onChange }: Props) {
  const items = itemsOf(content, field);
  const { one } = ITEM_WORDS[field];
  const wanted = useRef<string>(undefined);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (wanted.current) box.current?.querySelector<HTMLInputElement>(`[data-item="${wanted.current}"] input`)?.focus();
    wanted.current = undefined;
  });
  const set = (changed: Item[]) => onChange({ ...content, [field]: changed });
  const isFull = items.length >= ITEMS_MAX;
  const add = (place: number) => {
    if (isFull) return;
    const item = newItem(field);
    wanted.current = item.id;
    set(items.toSpliced(place, 0, item));
  };
  const move = (index: number, by: number) => {
    const item = items[index];
    if (!item || index + by < 0 || index + by >= items.length) return;
    wanted.current = item.id;
    set(items.toSpliced(index, 1).toSpliced(index + by, 0, item));
  };
  const press = (event: KeyboardEvent, index: number) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") add(index + 1);
    else if (event.altKey && event.key === "ArrowUp") move(index, -1);
    else if (event.altKey && event.key === "ArrowDown") move(index, 1);
    else return;
    event.preventDefault();
  };
  return (
    <Fieldset
      legend={
        <Text span size="sm" fw={600}>
          {FIELD_WORDS[field]}
        </Text>
      }
      ref={box as never}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {HINTS[field]}
        </Text>
        {items.map((item, index) => (
          <ItemRow
            key={item.id}
            field={field}
            item={item}
            number={index + 1}
            onPress={(event) => press(event, index)}
            onChange={(changed) => set(items.with(index, changed))}
            onRemove={() => set(items.toSpliced(index, 1))}
          />
        ))}
        {error && (
          <Text size="sm" c="red" role="alert">
            {error}
          </Text>
        )}
        <Group gap="sm">
          <Button size="xs" variant="default" disabled={isFull} onClick={() => add(items.length)}>
            {`Add a ${one.toLowerCase()}`}
          </Button>
          {isFull && <Text size="sm" c="dimmed">{`${ITEMS_MAX} are the most.`}</Text>}
        </Group>
      </Stack>
    </Fieldset>
  );
}

type RowProps = {
  field: ListField;
  item: Item;
  number: number;
  onPress: (event: KeyboardEvent) => void;
  onChange: (item: Item) => void;
  onRemove: () => void;
};

function ItemRow({ field, item, number, onPress, onChange, onRemove }: RowProps) {
  const { one, parts } = ITEM_WORDS[field];
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start" className={classes.item} data-item={item.id}>
      <Group gap="xs" flex={1} miw={0}>
        {ITEM_FIELDS[field].map((part) => (
          <TextInput
            key={part}
            flex="1 1 150px"
            aria-label={parts[part] === one ? `${one} ${number}` : `${one} ${number}: ${parts[part]}`}
            placeholder={parts[part] ?? ""}
            dir="auto"
            maxLength={part === "name" || part === "role" ? NAME_LENGTH_MAX : LINE_LENGTH_MAX}
            value={item[part] ?? ""}
            onKeyDown={onPress}
            onChange={({ currentTarget }) => onChange({ ...item, [part]: currentTarget.value })}
          />
        ))}
      </Group>
      <CloseButton mt={4} aria-label={`Remove ${one.toLowerCase()} ${number}`} onClick={onRemove} />
    </Group>
  );
}
