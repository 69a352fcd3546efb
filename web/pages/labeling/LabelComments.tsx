import { listComments } from "../../../modules/labeling/comments-contract.ts";
import type { LabelPlace } from "../../lib/labeling-queries.ts";
import { may, useOrganization } from "../../lib/organization.ts";
import { Comments } from "./Comments.tsx";

/** What colleagues and the customer say about a label, for whoever may take part. */
export function LabelComments(place: LabelPlace) {
  const organization = useOrganization();
  return may(organization, listComments) ? <Comments {...place} tellsCustomer /> : null;
}
