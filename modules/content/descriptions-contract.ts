import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

const WISHES_LENGTH_MAX = 1_000;
const MODEL_LENGTH_MAX = 100;

export const writeDescription = endpoint({
  name: "content.product_description.write",
  summary: "Have a model write the description of a product; a person approves it before it is published",
  method: "POST",
  path: "/api/organizations/:organization/commerce/products/:product/description",
  access: "commerce.store.write",
  params: z.object({ organization: z.string(), product: z.uuid() }),
  body: z.object({
    wishes: z
      .string()
      .trim()
      .max(WISHES_LENGTH_MAX)
      .optional()
      .describe("What the text should be like, such as its tone."),
    model: z
      .string()
      .max(MODEL_LENGTH_MAX)
      .optional()
      .describe("The model that writes it; left out, the first that the organization has connected."),
  }),
  accepted: z.object({ task_id: z.uuid() }),
  example: { body: { wishes: "Short and friendly" } },
});
