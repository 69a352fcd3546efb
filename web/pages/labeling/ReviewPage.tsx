import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { nextReview } from "../../../modules/labeling/contract.ts";
import { may, useOrganization } from "../../lib/organization.ts";
import { projectQuery } from "../../lib/queries.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Page } from "../../ui/Page.tsx";
import { Instructions } from "./Instructions.tsx";
import { ProjectLink } from "./ProjectLink.tsx";
import { ReviewDesk } from "./ReviewDesk.tsx";

export function ReviewPage() {
  const organization = useOrganization();
  const place = useParams({ from: "/$organization/labeling/$project/review" });
  const { data: project } = useQuery(projectQuery(place));
  return (
    <Page title="Review" above={<ProjectLink place={place} name={project?.name} />}>
      <Instructions text={project?.instructions ?? ""} />
      {may(organization, nextReview) ? (
        <ReviewDesk key={place.project} place={place} />
      ) : (
        <EmptyState title="Your roles don't include reviewing">
          Ask an administrator of {organization.name} for the role of a reviewer.
        </EmptyState>
      )}
    </Page>
  );
}
