import { Checkbox, Fieldset, Group, SegmentedControl, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { SEO_DESCRIPTION_LENGTH, SEO_TITLE_LENGTH } from "../../../modules/content/contract.ts";
import { slugOf } from "../../lib/slug.ts";
import type { Words } from "../../pages/content/use-item-words.ts";
import { Markdown } from "../../ui/Markdown.tsx";
import classes from "./ItemWords.module.css";

const CONTENT_LENGTH_MAX = 200_000;

type Props = { words: Words; onWrite: (change: Partial<Words>) => void; isReadOnly: boolean; organization: string };

/** The fields of content: the text beside what readers will see of it, and what search engines are told. */
export function ItemWords({ words, onWrite, isReadOnly, organization }: Props) {
  const hasOwnSlug = words.slug !== "" && words.slug !== slugOf(words.title);
  return (
    <Stack gap="md">
      <TextInput
        label="Title"
        value={words.title}
        onChange={({ currentTarget: { value: title } }) =>
          onWrite({ title, ...(!hasOwnSlug && { slug: slugOf(title) }) })
        }
        maxLength={300}
        readOnly={isReadOnly}
        dir="auto"
        size="md"
      />
      <Writing content={words.content} onWrite={onWrite} isReadOnly={isReadOnly} />
      <Textarea
        label="Excerpt"
        description="The text in short: it stands below the title and in lists."
        value={words.excerpt}
        onChange={(event) => onWrite({ excerpt: event.currentTarget.value })}
        autosize
        minRows={2}
        maxLength={500}
        readOnly={isReadOnly}
        dir="auto"
      />
      <Fieldset legend="Address and search engines">
        <Stack gap="md">
          <TextInput
            label="Address"
            description={`/p/${organization}/${words.slug || "…"}`}
            value={words.slug}
            onChange={(event) => onWrite({ slug: event.currentTarget.value })}
            onBlur={() => onWrite({ slug: slugOf(words.slug) })}
            maxLength={200}
            readOnly={isReadOnly}
            spellCheck={false}
          />
          <TextInput
            label="Title in search results"
            description={<Length text={words.seoTitle || words.title} most={SEO_TITLE_LENGTH} />}
            placeholder={words.title}
            value={words.seoTitle}
            onChange={(event) => onWrite({ seoTitle: event.currentTarget.value })}
            maxLength={300}
            readOnly={isReadOnly}
            dir="auto"
          />
          <Textarea
            label="Description in search results"
            description={<Length text={words.seoDescription || words.excerpt} most={SEO_DESCRIPTION_LENGTH} />}
            placeholder={words.excerpt}
            value={words.seoDescription}
            onChange={(event) => onWrite({ seoDescription: event.currentTarget.value })}
            autosize
            minRows={2}
            maxLength={1_000}
            readOnly={isReadOnly}
            dir="auto"
          />
          <Group gap="lg" align="flex-end">
            <TextInput
              label="Language"
              description="Such as en or pt-BR"
              placeholder="en"
              value={words.lang}
              onChange={(event) => onWrite({ lang: event.currentTarget.value })}
              maxLength={20}
              w={160}
              readOnly={isReadOnly}
              spellCheck={false}
            />
            <Checkbox
              label="Ask search engines not to list it"
              checked={words.noindex}
              onChange={(event) => onWrite({ noindex: event.currentTarget.checked })}
              disabled={isReadOnly}
              pb={8}
            />
          </Group>
        </Stack>
      </Fieldset>
    </Stack>
  );
}

type View = "write" | "preview";

/** Side by side where there is room, and else one at a time. */
function Writing({
  content,
  onWrite,
  isReadOnly,
}: {
  content: string;
  onWrite: Props["onWrite"];
  isReadOnly: boolean;
}) {
  const [view, setView] = useState<View>(isReadOnly ? "preview" : "write");
  return (
    <Stack gap="xs">
      <SegmentedControl
        className={classes.switch ?? ""}
        aria-label="Text or preview"
        data={[
          { value: "write", label: "Text" },
          { value: "preview", label: "Preview" },
        ]}
        value={view}
        onChange={(value) => setView(value as View)}
      />
      <div className={classes.sides} data-view={view}>
        <Textarea
          className={classes.text ?? ""}
          label="Text"
          description="Markdown: # heading, **bold**, [link](https://…), - list"
          value={content}
          onChange={(event) => onWrite({ content: event.currentTarget.value })}
          maxLength={CONTENT_LENGTH_MAX}
          readOnly={isReadOnly}
          dir="auto"
        />
        <section className={classes.preview} aria-label="Preview">
          <Text size="sm" fw={500} aria-hidden>
            Preview
          </Text>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by the keyboard. */}
          <div className={classes.page} tabIndex={0}>
            {content.trim() === "" ? (
              <Text c="dimmed">What readers will see appears here.</Text>
            ) : (
              <Markdown text={content} place="page" />
            )}
          </div>
        </section>
      </div>
    </Stack>
  );
}

function Length({ text, most }: { text: string; most: number }) {
  const length = [...text].length;
  return (
    <Text span size="xs" {...(length > most && { c: "orange" })}>
      {length} of {most} characters{length > most ? ": the rest is cut off there" : ""}
    </Text>
  );
}
