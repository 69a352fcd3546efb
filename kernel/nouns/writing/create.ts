import type { JsonText } from "../../http/route.ts";
import type { Context } from "../../tenancy/context.ts";
import { queryRow } from "../../tenancy/transaction.ts";
import { mayRead } from "../held.ts";
import type { Noun } from "../noun.ts";
import { refusing } from "./refusals.ts";
import { createStep } from "./statements.ts";

/** Makes a row of the columns given, the others as they are by default. Throws invalid and conflict by field. */
export async function createRow(context: Context, noun: Noun, row: object): Promise<JsonText> {
  const { organization } = context;
  const [json, version, ...key] = await refusing(noun, () =>
    queryRow(context, createStep(noun, organization.id, row), mayRead([noun])),
  );
  const address = [
    "/api/organizations",
    organization.slug,
    noun.path,
    ...key.map((part) => encodeURIComponent(part ?? "")),
  ];
  return { json: json ?? "", ...(version && { version }), createdAt: address.join("/") };
}
