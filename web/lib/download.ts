import type { Endpoint } from "../../kernel/http/endpoint.ts";
import { addressOf, type Given, send } from "./api.ts";
import { problemOf } from "./problem.ts";

/** Fetches a file and hands it to the browser to keep. Throws an `ApiProblem` unless it succeeds. */
export async function download<E extends Endpoint>(
  endpoint: E,
  given: Omit<Given<E>, "body">,
  fileName: string,
): Promise<void> {
  const response = await send(addressOf(endpoint, given), { method: endpoint.method });
  if (!response.ok) throw problemOf(response.status, await response.text());
  const address = URL.createObjectURL(await response.blob());
  const link = Object.assign(document.createElement("a"), { href: address, download: fileName });
  link.click();
  URL.revokeObjectURL(address);
}
