import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { decode, encode, RECURSION_DESIRED } from "dns-packet";
import type { Services } from "../../kernel/services.ts";
import { atEnd } from "../../test/harness.ts";

/** A name server on loopback that knows TXT records only. What it has no record of does not exist. */
export type TestNameServer = Pick<Services, "resolveTxt"> & {
  /** The TXT records by name, each in its pieces. Tests change them as they like. */
  records: Map<string, string[][]>;
  /** The names that the server fails to answer about. */
  broken: Set<string>;
  /** The address to configure, with its port. */
  address: string;
};

/** Opens a name server, with a resolver that asks it alone, and closes it after the file's tests. */
export async function openNameServer(): Promise<TestNameServer> {
  const records = new Map<string, string[][]>();
  const broken = new Set<string>();
  const socket = createSocket("udp4");
  socket.on("message", (message, { address, port }) => {
    const { id, questions = [] } = decode(message);
    const name = questions[0]?.name ?? "";
    const answers = (records.get(name) ?? []).map((data) => ({ type: "TXT" as const, name, ttl: 0, data }));
    // The lowest bits are the answer's code: 2 is a server's failure, 3 says that there is no such name.
    const code = broken.has(name) ? 2 : records.has(name) ? 0 : 3;
    socket.send(
      encode({ type: "response", id: id ?? 0, flags: RECURSION_DESIRED | code, questions, answers }),
      port,
      address,
    );
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  atEnd(async () => {
    socket.close();
  });
  const address = `127.0.0.1:${socket.address().port}`;
  const resolver = new Resolver({ timeout: 3_000, tries: 2 });
  resolver.setServers([address]);
  return { records, broken, address, resolveTxt: (name) => resolver.resolveTxt(name) };
}
