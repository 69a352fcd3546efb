import { memberRoute } from "../../kernel/http/route.ts";
import { writeDescription as contract } from "./descriptions-contract.ts";
import { writeDescription } from "./product-descriptions.ts";

/** What models write about products. */
export const descriptionRoutes = [
  memberRoute(contract, (context, { params, body }) => writeDescription(context, { product: params.product, ...body })),
];
