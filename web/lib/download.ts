import type { Given } from "../../client/address.ts";
import type { Endpoint } from "../../kernel/http/endpoint.ts";
import { open } from "./api.ts";

/** Fetches a file and hands it to the browser to keep. Throws an `ApiProblem` unless it succeeds. */
export async function download<E extends Endpoint>(endpoint: E, given: Given<E>, fileName: string): Promise<void> {
  const response = await open(endpoint, given);
  keepFile(await response.blob(), fileName);
}

/** Hands a file to the browser to keep. */
export function keepFile(file: Blob, fileName: string): void {
  const address = URL.createObjectURL(file);
  const link = Object.assign(document.createElement("a"), { href: address, download: fileName });
  link.click();
  URL.revokeObjectURL(address);
}
