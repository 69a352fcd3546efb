import { useQuery } from "@tanstack/react-query";
import { bookAppointment } from "../../../modules/calendar/contract.ts";
import { appointmentsOfQuery, clientProjectsQuery } from "../../lib/deal-queries.ts";
import { formatDay, formatMoment } from "../../lib/format.ts";
import { projects } from "../../lib/nouns.ts";
import { may, type Organization } from "../../lib/organization.ts";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink, ButtonLink } from "../../ui/links.tsx";
import { Row, Rows } from "../../ui/Row.tsx";
import { Section } from "../../ui/Section.tsx";
import { appointmentWord } from "../calendar/appointment-words.ts";
import { projectWord } from "../projects/project-words.ts";

type Props = { organization: Organization; customer: string };

/** What is done for a customer. */
export function ProjectsSection({ organization, customer }: Props) {
  const found = useQuery(clientProjectsQuery(organization.slug, customer));
  const params = { organization: organization.slug };
  const add = may(organization, projects.create) && (
    <ButtonLink size="xs" variant="default" to="/$organization/projects/new" params={params} search={{ customer }}>
      New project
    </ButtonLink>
  );
  return (
    <Section title="Projects" actions={add} {...(found.data?.length === 0 && { description: "None so far." })}>
      <Loaded query={found}>
        {(items) =>
          items.length > 0 && (
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
    </Section>
  );
}

/** When one meets a customer, the latest first. */
export function AppointmentsSection({ organization, customer }: Props) {
  const found = useQuery(appointmentsOfQuery({ organization: organization.slug, id: customer }));
  const params = { organization: organization.slug };
  const add = may(organization, bookAppointment) && (
    <ButtonLink size="xs" variant="default" to="/$organization/calendar" params={params} search={{ customer }}>
      New appointment
    </ButtonLink>
  );
  return (
    <Section title="Appointments" actions={add} {...(found.data?.length === 0 && { description: "None so far." })}>
      <Loaded query={found}>
        {(items) =>
          items.length > 0 && (
            <Rows label="Appointments">
              {items.map(({ id, title, start_time, status, location }) => (
                <Row
                  key={id}
                  title={title}
                  about={[formatMoment(start_time), appointmentWord(status), location].filter(Boolean).join(" · ")}
                />
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Section>
  );
}
