import type { Download } from "../../kernel/http/route.ts";
import { askGateAs, type PersonCaller } from "../../kernel/tenancy/gate.ts";

/**
 * Everything that is kept about the person of the session, as JSON, without secrets and their hashes. Throws when the session is
 * not alive (TN001) or the person has not proved in the last 15 minutes who they are (TN007).
 */
export async function exportPerson(caller: PersonCaller): Promise<Download> {
  const [row] = await askGateAs<{ export_person: unknown }>(caller, "audit.export_person");
  const text = `${JSON.stringify(row?.export_person, null, 2)}\n`;
  return { stream: piecesOf(text), mediaType: "application/json; charset=utf-8", fileName: "my-data.json" };
}

async function* piecesOf(text: string): AsyncGenerator<string> {
  yield text;
}
