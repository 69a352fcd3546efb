import { Group, Select, Stack, Switch } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { closeToPerson, openToPerson, type Session } from "../../../modules/studio/contract.ts";
import { call } from "../../lib/api.ts";
import { membersQuery, type SessionPlace, sessionKey } from "../../lib/studio-queries.ts";
import { ConfirmButton } from "../../ui/ConfirmButton.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Row, Rows } from "../../ui/Row.tsx";
import { Section } from "../../ui/Section.tsx";

const REST_MS = 200;

type Person = Session["people"][number];
type Props = { place: SessionPlace; session: Session };

/** To whom a session is open beside whose it is. */
export function People({ place, session }: Props) {
  const queryClient = useQueryClient();
  const [search, setSearch] = useState("");
  const [wanted] = useDebouncedValue(search, REST_MS);
  const members = useQuery(membersQuery(place.organization, wanted));
  const onSettled = () => queryClient.invalidateQueries({ queryKey: sessionKey(place.session) });
  const opening = useMutation({
    mutationFn: ({ id, may_write }: Pick<Person, "id" | "may_write">) =>
      call(openToPerson, { params: { ...place, member: id }, body: { may_write } }),
    onSuccess: () => setSearch(""),
    onSettled,
  });
  const closing = useMutation({
    mutationFn: (member: string) => call(closeToPerson, { params: { ...place, member } }),
    onSettled,
  });
  const known = new Set([session.owner.id, ...session.people.map(({ id }) => id)]);
  const found = (members.data ?? []).filter(({ user_id }) => !known.has(user_id));
  const error = opening.error ?? closing.error ?? members.error;
  return (
    <Section title="People" description="Colleagues and clients who see this session, and who write in it.">
      <Stack gap="md">
        {error && <ProblemAlert error={error} />}
        {session.people.length > 0 && (
          <Rows label="People">
            {session.people.map((person) => (
              <Row key={person.id} title={person.name} about={person.may_write ? "reads and writes" : "reads"}>
                <Group gap="sm">
                  <Switch
                    size="sm"
                    label="Writes"
                    aria-label={`${person.name} writes`}
                    checked={person.may_write}
                    disabled={opening.isPending}
                    onChange={({ currentTarget }) =>
                      opening.mutate({ id: person.id, may_write: currentTarget.checked })
                    }
                  />
                  <ConfirmButton
                    label="Remove"
                    of={person.name}
                    question="Close it to them?"
                    isPending={closing.isPending && closing.variables === person.id}
                    onConfirm={() => closing.mutate(person.id)}
                  />
                </Group>
              </Row>
            ))}
          </Rows>
        )}
        <Select
          label="Open it to"
          placeholder="Name or e-mail"
          searchable
          searchValue={search}
          onSearchChange={setSearch}
          data={found.map(({ user_id, name, email }) => ({ value: user_id, label: `${name} (${email})` }))}
          filter={({ options }) => options}
          nothingFoundMessage="Nobody else begins with this"
          value={null}
          onChange={(id) => id && opening.mutate({ id, may_write: true })}
        />
      </Stack>
    </Section>
  );
}
