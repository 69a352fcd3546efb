import { Code, List, Stack, Text } from "@mantine/core";
import { Fragment } from "react";

/** Text as descriptions write it: paragraphs, lists, `code` and **weight**, and nothing else of Markdown. */
export function Prose({ text }: { text: string }) {
  return (
    <Stack gap="sm" maw={760}>
      {text.split(/\n{2,}/).map((block) =>
        block.startsWith("- ") ? (
          <List key={block} size="sm" spacing={6}>
            {block
              .split(/\n?^- /m)
              .slice(1)
              .map((item) => (
                <List.Item key={item}>
                  <Words text={item} />
                </List.Item>
              ))}
          </List>
        ) : (
          <Text key={block} size="sm">
            <Words text={block} />
          </Text>
        ),
      )}
    </Stack>
  );
}

/** A line of such text. */
export function Words({ text }: { text: string }) {
  const pieces = text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((piece, place) => ({ piece, key: `${place} ${piece}` }));
  return pieces.map(({ piece, key }) => {
    if (piece.startsWith("`")) return <Code key={key}>{piece.slice(1, -1)}</Code>;
    if (piece.startsWith("**")) return <strong key={key}>{piece.slice(2, -2)}</strong>;
    return <Fragment key={key}>{piece}</Fragment>;
  });
}
