import { useQuery } from "@tanstack/react-query";
import { clientProjectsQuery } from "../../lib/deal-queries.ts";
import { formatDay } from "../../lib/format.ts";
import { projects } from "../../lib/nouns.ts";
import { may, type Organization, useOrganization } from "../../lib/organization.ts";
import { useChanges } from "../../lib/use-changes.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink, ButtonLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { Row, Rows } from "../../ui/Row.tsx";
import { projectWord } from "./project-words.ts";

const isOfProjects = (table: string) => table === "projects.projects";

/** The projects for clients, newest first; a client sees their own. */
export function ProjectsPage() {
  const organization = useOrganization();
  useChanges(organization.slug, isOfProjects, "client projects");
  const mayRead = may(organization, projects.list);
  const found = useQuery({ ...clientProjectsQuery(organization.slug), enabled: mayRead });
  if (!mayRead)
    return (
      <Page title="Projects">
        <EmptyState title="Your roles don't include projects">
          Ask an administrator of {organization.name} for access.
        </EmptyState>
      </Page>
    );
  const mayCreate = may(organization, projects.create);
  const params = { organization: organization.slug };
  return (
    <Page title="Projects" actions={mayCreate && <NewProject organization={organization} />}>
      <Loaded query={found}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState title="No project yet" action={mayCreate && <NewProject organization={organization} />}>
              A project is work with a name and an end. Its tasks are cards on a board, which everybody moves along.
            </EmptyState>
          ) : (
            <Rows label="Projects">
              {items.map(({ id, name, status, due_date }) => (
                <Row
                  key={id}
                  title={
                    <AnchorLink
                      to="/$organization/projects/$project"
                      params={{ ...params, project: id }}
                      search={{}}
                      fw={600}
                    >
                      {name}
                    </AnchorLink>
                  }
                  about={[projectWord(status), due_date && `due ${formatDay(due_date)}`].filter(Boolean).join(" · ")}
                />
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Page>
  );
}

function NewProject({ organization }: { organization: Organization }) {
  return (
    <ButtonLink to="/$organization/projects/new" params={{ organization: organization.slug }} search={{}}>
      New project
    </ButtonLink>
  );
}
