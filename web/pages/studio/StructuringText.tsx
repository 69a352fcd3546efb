import { List, Stack, Text, Title } from "@mantine/core";
import type { Structuring } from "../../../modules/studio/structuring-contract.ts";
import { itemsOf, LIST_FIELDS, TEXT_FIELDS, wordsOf } from "../../lib/structuring.ts";
import classes from "./Studio.module.css";
import { FIELD_WORDS } from "./words.ts";

/** What the section says, for reading. What nobody has filled in is left out. */
export function StructuringText({ content }: { content: Structuring }) {
  const texts = TEXT_FIELDS.filter((field) => content[field].trim() !== "").map((field) => ({
    field,
    body: (
      <Text dir="auto" className={classes.text}>
        {content[field]}
      </Text>
    ),
  }));
  const lists = LIST_FIELDS.map((field) => ({
    field,
    lines: itemsOf(content, field)
      .map((item) => ({ id: item.id, words: wordsOf(field, item) }))
      .filter(({ words }) => words.trim() !== ""),
  }))
    .filter(({ lines }) => lines.length > 0)
    .map(({ field, lines }) => ({
      field,
      body: (
        <List spacing={4}>
          {lines.map(({ id, words }) => (
            <List.Item key={id} dir="auto" className={classes.text}>
              {words}
            </List.Item>
          ))}
        </List>
      ),
    }));
  const parts = [...texts, ...lists];
  if (parts.length === 0) return <Text c="dimmed">Nothing has been written here yet.</Text>;
  return (
    <Stack gap="lg">
      {parts.map(({ field, body }) => (
        <Stack key={field} gap={4} component="section" aria-label={FIELD_WORDS[field]}>
          <Title order={2} size="h4">
            {FIELD_WORDS[field]}
          </Title>
          {body}
        </Stack>
      ))}
    </Stack>
  );
}
