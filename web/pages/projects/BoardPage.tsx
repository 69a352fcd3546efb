import { Group, Progress, Stack, Text } from "@mantine/core";
import { useIsMutating, useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { moveCard } from "../../../modules/projects/contract.ts";
import { boardQuery, clientProjectQuery, customerQuery, type Place, progressQuery } from "../../lib/deal-queries.ts";
import { formatDay } from "../../lib/format.ts";
import { customers } from "../../lib/nouns.ts";
import { may, type Organization, useOrganization } from "../../lib/organization.ts";
import { statusOf } from "../../lib/problem.ts";
import { movesKey } from "../../lib/use-board.ts";
import { useChanges } from "../../lib/use-changes.ts";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { Board } from "./Board.tsx";
import { CardPanel } from "./CardPanel.tsx";
import { projectWord } from "./project-words.ts";

const FORBIDDEN = 403;
const isOfProjects = (table: string) => table.startsWith("projects.");

/** A project: its cards on a board, which others move along at the same time; to its customer, how far it is. */
export function BoardPage() {
  const organization = useOrganization();
  const { project: id } = useParams({ from: "/$organization/projects/$project" });
  const { card } = useSearch({ from: "/$organization/projects/$project" });
  const place = { organization: organization.slug, id };
  useChanges(organization.slug, isOfProjects, "client projects");
  const project = useQuery(clientProjectQuery(place));
  // What the server tells of a move that is under way is older than what is shown.
  const isMoving = useIsMutating({ mutationKey: movesKey(id) }) > 0;
  const board = useQuery({ ...boardQuery(place), enabled: !isMoving });
  const isClosed = statusOf(board.error) === FORBIDDEN;
  const mayMove = may(organization, moveCard);
  const above = (
    <AnchorLink to="/$organization/projects" params={{ organization: organization.slug }} size="sm">
      Projects
    </AnchorLink>
  );
  return (
    <Page title={project.data?.name ?? "Project"} above={above} wide>
      <Loaded query={project}>
        {({ customer_id, status, due_date, description }) => (
          <Stack gap="md">
            <Group gap="md">
              <Text size="sm">{projectWord(status)}</Text>
              {due_date && <Text size="sm">Due {formatDay(due_date)}</Text>}
              {customer_id && may(organization, customers.get) && (
                <CustomerLink organization={organization} customer={customer_id} />
              )}
              <Done place={place} />
            </Group>
            {description && (
              <Text size="sm" maw={720} dir="auto" style={{ whiteSpace: "pre-wrap" }}>
                {description}
              </Text>
            )}
            {!isClosed && (
              <Loaded query={board}>{(cards) => <Board place={place} cards={cards} mayMove={mayMove} />}</Loaded>
            )}
          </Stack>
        )}
      </Loaded>
      {card && <CardPanel key={card} place={place} card={card} mayWrite={mayMove} />}
    </Page>
  );
}

function CustomerLink({ organization, customer: id }: { organization: Organization; customer: string }) {
  const customer = useQuery(customerQuery({ organization: organization.slug, id }));
  if (!customer.data) return null;
  return (
    <Text size="sm">
      For{" "}
      <AnchorLink
        to="/$organization/customers/$customer"
        params={{ organization: organization.slug, customer: id }}
        size="sm"
      >
        {customer.data.name}
      </AnchorLink>
    </Text>
  );
}

function Done({ place }: { place: Place }) {
  const { data } = useQuery(progressQuery(place));
  if (!data) return null;
  return (
    <Group gap="xs">
      <Progress value={data.progress_percentage} w={120} aria-label="Cards done" />
      <Text size="sm">
        {data.tasks_done} of {data.tasks} done
      </Text>
    </Group>
  );
}
