import { Anchor, Badge, CloseButton, Group, NativeSelect, SimpleGrid, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { call } from "../../lib/api.ts";
import { type Customer, membersQuery, tagsOfQuery } from "../../lib/deal-queries.ts";
import { formatDay } from "../../lib/format.ts";
import { customerTags } from "../../lib/nouns.ts";
import type { Organization } from "../../lib/organization.ts";
import { tagsQuery } from "../../lib/tag-queries.ts";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Section } from "../../ui/Section.tsx";

type Props = { organization: Organization; customer: Customer; mayWrite: boolean };

/** How to reach a customer, who looks after them, and their tags. */
export function DetailsSection({ organization, customer, mayWrite }: Props) {
  const { company, email, phone, source, assigned_to, created_at, stage } = customer;
  const members = useQuery(membersQuery(organization.slug));
  const owner = members.data?.find(({ user_id }) => user_id === assigned_to)?.display_name;
  return (
    <Section title="Details">
      <SimpleGrid component="dl" cols={{ base: 2, md: 3 }} m={0} spacing="md">
        <Fact name="Company">{company}</Fact>
        <Fact name="E-mail">{email && <Anchor href={`mailto:${email}`}>{email}</Anchor>}</Fact>
        <Fact name="Phone">{phone && <Anchor href={`tel:${phone}`}>{phone}</Anchor>}</Fact>
        <Fact name="Looked after by">{owner}</Fact>
        {source !== undefined && <Fact name="Came from">{source}</Fact>}
        <Fact name="Since">{formatDay(created_at)}</Fact>
      </SimpleGrid>
      {stage && <Tags place={{ organization: organization.slug, id: customer.id }} mayWrite={mayWrite} />}
    </Section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <Text component="dt" size="sm" c="dimmed">
        {name}
      </Text>
      <Text component="dd" m={0} dir="auto" style={{ overflowWrap: "anywhere" }}>
        {children || "–"}
      </Text>
    </div>
  );
}

function Tags({ place, mayWrite }: { place: { organization: string; id: string }; mayWrite: boolean }) {
  const { organization, id } = place;
  const queryClient = useQueryClient();
  const own = useQuery(tagsOfQuery(place));
  const all = useQuery(tagsQuery(organization));
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: ["customers", organization] });
  const adding = useMutation({
    mutationFn: (tag_id: string) =>
      call(customerTags.create, { params: { organization }, body: { customer_id: id, tag_id } }),
    onSuccess,
  });
  const removing = useMutation({
    mutationFn: (tag_id: string) => call(customerTags.remove, { params: { organization, customer_id: id, tag_id } }),
    onSuccess,
  });
  const left = (all.data ?? []).filter((tag) => !own.data?.some((one) => one.id === tag.id));
  const error = adding.error ?? removing.error;
  return (
    <Stack gap="xs">
      <Group gap="xs">
        {own.data?.map((tag) => (
          <Badge
            key={tag.id}
            variant="light"
            color="gray"
            c="var(--mantine-color-text)"
            tt="none"
            rightSection={
              mayWrite && (
                <CloseButton
                  size="xs"
                  aria-label={`Remove the tag ${tag.name}`}
                  onClick={() => removing.mutate(tag.id)}
                />
              )
            }
          >
            {tag.name}
          </Badge>
        ))}
        {mayWrite && left.length > 0 && (
          <NativeSelect
            size="xs"
            aria-label="Add a tag"
            data={[{ value: "", label: "Add a tag" }, ...left.map((tag) => ({ value: tag.id, label: tag.name }))]}
            value=""
            onChange={({ currentTarget }) => currentTarget.value && adding.mutate(currentTarget.value)}
          />
        )}
      </Group>
      {error && <ProblemAlert error={error} />}
    </Stack>
  );
}
