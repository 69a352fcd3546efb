import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { claimNext } from "../../../modules/labeling/contract.ts";
import { may, useOrganization } from "../../lib/organization.ts";
import { projectQuery } from "../../lib/queries.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { Page } from "../../ui/Page.tsx";
import { LabelDesk } from "./LabelDesk.tsx";
import { ProjectLink } from "./ProjectLink.tsx";

export function LabelPage() {
  const organization = useOrganization();
  const place = useParams({ from: "/$organization/labeling/$project/label" });
  const project = useQuery(projectQuery(place));
  return (
    <Page title="Label" above={<ProjectLink place={place} name={project.data?.name} />}>
      {may(organization, claimNext) ? (
        <Loaded query={project}>{(data) => <LabelDesk key={data.id} place={place} project={data} />}</Loaded>
      ) : (
        <EmptyState title="Your roles don't include labeling">
          Ask an administrator of {organization.name} for the role of a labeler.
        </EmptyState>
      )}
    </Page>
  );
}
