import { Group, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../../lib/api.ts";
import { type Contact, contactsQuery, type Place } from "../../lib/deal-queries.ts";
import { contacts } from "../../lib/nouns.ts";
import { isGiven } from "../../lib/validation.ts";
import { ConfirmButton } from "../../ui/ConfirmButton.tsx";
import { FormShell } from "../../ui/FormShell.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Row, Rows } from "../../ui/Row.tsx";
import { Section } from "../../ui/Section.tsx";

type Props = { place: Place; mayWrite: boolean };

/** The people at a customer. */
export function ContactsSection({ place, mayWrite }: Props) {
  const { organization } = place;
  const queryClient = useQueryClient();
  const people = useQuery(contactsQuery(place));
  const removing = useMutation({
    mutationFn: (id: string) => call(contacts.remove, { params: { organization, id } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["customers", organization] }),
  });
  return (
    <Section title="Contacts" {...(people.data?.length === 0 && { description: "Nobody is known there yet." })}>
      <Loaded query={people}>
        {(items) =>
          items.length > 0 && (
            <Rows label="Contacts">
              {items.map((contact) => (
                <Row key={contact.id} title={contact.name} about={aboutOf(contact)}>
                  {mayWrite && (
                    <ConfirmButton
                      label="Remove"
                      of={contact.name}
                      question="Remove for good?"
                      isPending={removing.isPending && removing.variables === contact.id}
                      onConfirm={() => removing.mutate(contact.id)}
                    />
                  )}
                </Row>
              ))}
            </Rows>
          )
        }
      </Loaded>
      {removing.error && <ProblemAlert error={removing.error} />}
      {mayWrite && <NewContact place={place} />}
    </Section>
  );
}

function aboutOf({ position, email, phone, is_primary }: Contact): string {
  return [is_primary && "first contact", position, email, phone].filter(Boolean).join(" · ");
}

function NewContact({ place: { organization, id } }: { place: Place }) {
  const queryClient = useQueryClient();
  const form = useForm({ initialValues: { name: "", email: "" }, validate: { name: isGiven } });
  const creation = useMutation({
    mutationFn: ({ name, email }: typeof form.values) => {
      const body = { customer_id: id, name: name.trim(), email: email.trim() || null };
      return call(contacts.create, { params: { organization }, body });
    },
    onSuccess: () => {
      form.reset();
      return queryClient.invalidateQueries({ queryKey: ["customers", organization] });
    },
  });
  return (
    <FormShell form={form} mutation={creation} submitLabel="Add contact">
      <Group grow align="start">
        <TextInput label="Name of the contact" maxLength={200} dir="auto" {...form.getInputProps("name")} />
        <TextInput label="E-mail of the contact" type="email" maxLength={254} {...form.getInputProps("email")} />
      </Group>
    </FormShell>
  );
}
