import type { ProjectPlace } from "../../lib/queries.ts";
import { AnchorLink } from "../../ui/links.tsx";

/** The way back to the project, from the pages below it. */
export function ProjectLink({ place, name = "Project" }: { place: ProjectPlace; name: string | undefined }) {
  return (
    <AnchorLink
      to="/$organization/labeling/$project"
      params={place}
      dir="auto"
      size="sm"
      style={{ alignSelf: "flex-start" }}
    >
      {name}
    </AnchorLink>
  );
}
