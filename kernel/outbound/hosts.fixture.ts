import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { atEnd } from "../../test/harness.ts";
import { CERTIFICATE, KEY } from "../mail/certificate.fixture.ts";
import { parseAllowedAddresses } from "./addresses.ts";
import { OutboundError } from "./errors.ts";
import type { Outbound } from "./target.ts";

/** A host somewhere, and what it was asked. */
export type TestHost = {
  port: number;
  asked: {
    method: string;
    url: string;
    headers: IncomingMessage["headers"];
    body: string;
    fromPort: number | undefined;
  }[];
};

/** Opens a host on loopback, and closes it after the file's tests. Port 0 is any that is free. */
export async function openHost(
  answer: RequestListener,
  place: { address?: string; port?: number; tls?: boolean } = {},
): Promise<TestHost> {
  const { address = "127.0.0.1", port = 0, tls = false } = place;
  const asked: TestHost["asked"] = [];
  const listener: RequestListener = async (request, response) => {
    const { method = "", url = "", headers } = request;
    asked.push({ method, url, headers, body: await text(request), fromPort: request.socket.remotePort });
    answer(request, response);
  };
  const server: Server = tls ? createTlsServer({ key: KEY, cert: CERTIFICATE }, listener) : createServer(listener);
  server.listen(port, address);
  await once(server, "listening");
  atEnd(async () => {
    server.close();
    server.closeAllConnections();
  });
  return { port: (server.address() as AddressInfo).port, asked };
}

/** What outgoing requests need: names as given here, one answer after the other and the last one again; what is allowed beside the Internet. */
export function outboundTo(
  names: Record<string, string[][]>,
  allowed = "127.0.0.1",
): Outbound & { lookedUp: string[] } {
  const lookedUp: string[] = [];
  const allowedAddresses = parseAllowedAddresses(allowed);
  if (!allowedAddresses) throw new Error(`${allowed} is not understood.`);
  return {
    lookedUp,
    allowedAddresses,
    resolveAddresses: async (name) => {
      const answers = names[name] ?? [];
      const answer = answers[Math.min(lookedUp.filter((one) => one === name).length, answers.length - 1)];
      lookedUp.push(name);
      if (!answer) throw Object.assign(new Error("query ENOTFOUND"), { code: "ENOTFOUND" });
      return answer;
    },
  };
}

/** The code of the error that work ends with. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof OutboundError) return error.code;
    throw error;
  }
  return "none";
}
