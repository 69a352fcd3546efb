import { NativeSelect, Text, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../../lib/api.ts";
import { nameIn, notesQuery, type Place } from "../../lib/deal-queries.ts";
import { notes } from "../../lib/nouns.ts";
import { isGiven } from "../../lib/validation.ts";
import { Ago } from "../../ui/Ago.tsx";
import { FormShell } from "../../ui/FormShell.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { Row, Rows } from "../../ui/Row.tsx";
import { Section } from "../../ui/Section.tsx";

const KINDS: Record<string, string> = { note: "Note", call: "Call", email: "E-mail", meeting: "Meeting" };

type Props = { place: Place; mayWrite: boolean };

/** What was said and done with a customer, newest first. */
export function NotesSection({ place, mayWrite }: Props) {
  const timeline = useQuery(notesQuery(place));
  return (
    <Section title="Notes" {...(timeline.data?.length === 0 && { description: "Nothing is written down yet." })}>
      {mayWrite && <NewNote place={place} />}
      <Loaded query={timeline}>
        {(items) =>
          items.length > 0 && (
            <Rows label="Notes">
              {items.map(({ id, kind, content, happened_at, embedded }) => (
                <Row
                  key={id}
                  title={
                    <Text component="span" fw={400} style={{ whiteSpace: "pre-wrap" }}>
                      {content}
                    </Text>
                  }
                  about={
                    <>
                      {KINDS[kind] ?? kind}, <Ago at={happened_at} />
                      {nameIn(embedded?.created_by) && ` by ${nameIn(embedded?.created_by)}`}
                    </>
                  }
                />
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Section>
  );
}

function NewNote({ place: { organization, id } }: { place: Place }) {
  const queryClient = useQueryClient();
  const form = useForm({ initialValues: { kind: "note", content: "" }, validate: { content: isGiven } });
  const creation = useMutation({
    mutationFn: (values: typeof form.values) =>
      call(notes.create, { params: { organization }, body: { customer_id: id, ...values } }),
    onSuccess: () => {
      form.reset();
      return queryClient.invalidateQueries({ queryKey: ["customers", organization] });
    },
  });
  return (
    <FormShell form={form} mutation={creation} submitLabel="Write down">
      <NativeSelect
        label="Kind"
        maw={200}
        data={Object.entries(KINDS).map(([value, label]) => ({ value, label }))}
        {...form.getInputProps("kind")}
      />
      <Textarea
        label="What happened"
        autosize
        minRows={2}
        maxRows={10}
        maxLength={20_000}
        dir="auto"
        {...form.getInputProps("content")}
      />
    </FormShell>
  );
}
