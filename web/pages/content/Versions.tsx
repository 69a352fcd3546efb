import { Badge, Button, Group } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { restoreVersion } from "../../../modules/content/contract.ts";
import type { Item } from "../../../modules/content/items-contract.ts";
import { call } from "../../lib/api.ts";
import { contentKey, type Live, versionsQuery } from "../../lib/content-queries.ts";
import { formatMoment } from "../../lib/format.ts";
import { may, type Organization } from "../../lib/organization.ts";
import { ConfirmButton } from "../../ui/ConfirmButton.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Row, Rows } from "../../ui/Row.tsx";
import { Section } from "../../ui/Section.tsx";
import { STATUS_WORDS } from "./words.tsx";

type Props = { organization: Organization; item: Item; live: Live | undefined };

/** What content said before, the latest first. Each can be written once more. */
export function Versions({ organization, item, live }: Props) {
  const queryClient = useQueryClient();
  const place = { organization: organization.slug, item: item.id };
  const versions = useInfiniteQuery(versionsQuery(place));
  const restoring = useMutation({
    mutationFn: (number: number) =>
      call(restoreVersion, { params: place, body: { number } }, { ifMatch: `"${item.version}"` }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: contentKey(organization.slug) }),
  });
  const rows = versions.data?.pages.flatMap((page) => page.items) ?? [];
  const latest = rows[0]?.number;
  const mayRestore = may(organization, restoreVersion) && item.status !== "archived";
  return (
    <Section title="Versions" description="Every saving and every step is kept.">
      {(versions.error ?? restoring.error) && <ProblemAlert error={versions.error ?? restoring.error} />}
      <Rows label="Versions">
        {rows.map(({ number, status, saved_at, note, title }) => (
          <Row
            key={number}
            title={`Version ${number}${title ? `: ${title}` : ""}`}
            about={[STATUS_WORDS[status], formatMoment(saved_at), note].filter(Boolean).join(" · ")}
          >
            {number === live?.version_number && (
              <Badge variant="light" color="green" tt="none">
                Readers see this
              </Badge>
            )}
            {mayRestore && number !== latest && (
              <ConfirmButton
                label="Restore"
                of={`Version ${number}`}
                question="Write this version?"
                isPending={restoring.isPending && restoring.variables === number}
                onConfirm={() => restoring.mutate(number)}
              />
            )}
          </Row>
        ))}
      </Rows>
      {versions.hasNextPage && (
        <Group>
          <Button
            variant="default"
            size="xs"
            onClick={() => versions.fetchNextPage()}
            loading={versions.isFetchingNextPage}
          >
            More
          </Button>
        </Group>
      )}
    </Section>
  );
}
