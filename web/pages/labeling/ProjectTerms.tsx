import { useQuery } from "@tanstack/react-query";
import { TermsForm } from "../../forms/labeling/TermsForm.tsx";
import { termsQuery } from "../../lib/labeling-queries.ts";
import type { ProjectPlace } from "../../lib/queries.ts";
import { Loaded } from "../../ui/Loaded.tsx";

/** For which customer the project is, and what an approved label costs. */
export function ProjectTerms({ place }: { place: ProjectPlace }) {
  const terms = useQuery(termsQuery(place));
  return <Loaded query={terms}>{(data) => <TermsForm place={place} terms={data} />}</Loaded>;
}
