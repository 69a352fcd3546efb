import assert from "node:assert/strict";
import { once } from "node:events";
import type { RequestListener, ServerResponse } from "node:http";
import { createServer } from "node:net";
import { test } from "node:test";
import tls from "node:tls";
import { atEnd } from "../../test/harness.ts";
import { CERTIFICATE } from "../mail/certificate.fixture.ts";
import { codeOf, openHost, outboundTo } from "./hosts.fixture.ts";
import { type OutboundRequest, sendRequest } from "./request.ts";

const HOME = { "host.test": [["127.0.0.1"]], "other.test": [["127.0.0.1"]] };
const SETTINGS = { method: "POST", timeoutSeconds: 20, maxResponseBytes: 1000 } as const;
/** Short, and yet long enough for whatever answers at once. */
const SHORT_SECONDS = 0.5;

const fine: RequestListener = (_, response) => response.end("fine");

function send(url: string, more: Partial<OutboundRequest> = {}, outbound = outboundTo(HOME)) {
  return sendRequest(outbound, { ...SETTINGS, url, ...more });
}

test("a request arrives with its body and headers, and its answer comes back as it is", async () => {
  const host = await openHost((_, response) => response.writeHead(418, { "x-tea": "green" }).end("short and stout"));
  const { status, headers, body } = await send(`http://host.test:${host.port}/pot?size=2#top`, {
    body: "Tee für zwei",
    headers: { "x-cup": "1" },
  });
  assert.deepEqual([status, headers["x-tea"], body.toString()], [418, "green", "short and stout"]);
  const [asked] = host.asked;
  assert.ok(asked);
  assert.deepEqual([asked.method, asked.url, asked.body], ["POST", "/pot?size=2", "Tee für zwei"]);
  const { "x-cup": cup, "accept-encoding": encoding, "content-length": length, host: name } = asked.headers;
  assert.deepEqual([cup, encoding, length, name], ["1", "identity", "13", `host.test:${host.port}`]);
});

test("a name that changes its meaning after the check is not asked again, and the request goes where it was checked", async () => {
  const checked = await openHost(fine);
  const inside = await openHost(fine, { address: "127.0.0.2", port: checked.port });
  const outbound = outboundTo({ "rebinding.test": [["127.0.0.1"], ["127.0.0.2"]] });
  const { body } = await send(`http://rebinding.test:${checked.port}/`, {}, outbound);
  assert.equal(body.toString(), "fine");
  assert.deepEqual([checked.asked.length, inside.asked.length, outbound.lookedUp], [1, 0, ["rebinding.test"]]);
  assert.equal(await codeOf(send(`http://rebinding.test:${checked.port}/`, {}, outbound)), "refused_address");
  assert.equal(inside.asked.length, 0);
});

test("connections are not kept: each request makes its own, to an address that was checked for it", async () => {
  const host = await openHost(fine);
  const outbound = outboundTo({ "moving.test": [["127.0.0.1"], ["127.0.0.1"], ["10.0.0.1"]] });
  for (const _ of [1, 2]) await send(`http://moving.test:${host.port}/`, {}, outbound);
  assert.equal(new Set(host.asked.map(({ fromPort }) => fromPort)).size, 2);
  assert.equal(await codeOf(send(`http://moving.test:${host.port}/`, {}, outbound)), "refused_address");
});

test("of several addresses one that answers is enough, and one that is refused is too much", async () => {
  const host = await openHost(fine, { address: "127.0.0.2" });
  const url = `http://many.test:${host.port}/`;
  const names = { "many.test": [["127.0.0.1", "127.0.0.2"]] };
  assert.equal((await send(url, {}, outboundTo(names, "127.0.0.0/8"))).status, 200);
  assert.equal(await codeOf(send(url, {}, outboundTo(names, "127.0.0.2"))), "refused_address");
  assert.equal(host.asked.length, 1);
});

function redirectTo(location: string | (() => string), status = 302): RequestListener {
  return (_, response) =>
    response.writeHead(status, { location: typeof location === "string" ? location : location() }).end();
}

test("a redirect is an answer like any other, unless it is to be followed", async () => {
  const host = await openHost(redirectTo("/elsewhere"));
  assert.equal((await send(`http://host.test:${host.port}/`)).status, 302);
  assert.equal(host.asked.length, 1);
});

test("a redirect to what is not public is refused at each step, and nothing is sent there", async () => {
  const inside = await openHost(fine, { address: "127.0.0.2" });
  for (const location of [
    `http://127.0.0.2:${inside.port}/`,
    `http://2130706434:${inside.port}/`,
    `http://inside.test:${inside.port}/`,
    "http://169.254.169.254/latest/",
  ]) {
    const second = await openHost(redirectTo(location));
    const first = await openHost(redirectTo(`http://host.test:${second.port}/`));
    const outbound = outboundTo({ ...HOME, "inside.test": [["127.0.0.2"]] });
    assert.equal(
      await codeOf(send(`http://host.test:${first.port}/`, { redirects: 3 }, outbound)),
      "refused_address",
      location,
    );
    assert.equal(second.asked.length, 1);
  }
  assert.equal(inside.asked.length, 0);
});

test("redirects end after three, and what is no address is not followed", async () => {
  const round = await openHost(redirectTo("/again"));
  assert.equal(await codeOf(send(`http://host.test:${round.port}/`, { redirects: 9 })), "too_many_redirects");
  assert.equal(round.asked.length, 4);
  for (const location of ["http://", "file:///etc/passwd", "http://ada:secret@host.test/"]) {
    const odd = await openHost(redirectTo(location));
    assert.equal(await codeOf(send(`http://host.test:${odd.port}/`, { redirects: 1 })), "bad_url", location);
  }
});

test("what proves something to one host is not sent to another, and a body only where the answer asks for it", async () => {
  const end = await openHost(fine);
  const headers = {
    authorization: "Bearer a",
    cookie: "b=c",
    "webhook-signature": "v1,d",
    "X-Api-Key": "e",
    "content-type": "text/plain",
    "x-kept": "f",
  };
  const follow = async (status: number, to: string) => {
    const start = await openHost(redirectTo(`http://${to}:${end.port}/end`, status));
    await send(`http://host.test:${start.port}/`, { redirects: 1, body: "text", headers });
    const asked = end.asked.at(-1);
    const {
      authorization,
      cookie,
      "webhook-signature": signature,
      "x-api-key": key,
      "content-type": type,
      "x-kept": kept,
    } = asked?.headers ?? {};
    return [asked?.method, asked?.body, [authorization, cookie, signature, key].filter(Boolean).length, type, kept];
  };
  assert.deepEqual(await follow(307, "other.test"), ["POST", "text", 0, "text/plain", "f"]);
  assert.deepEqual(await follow(302, "other.test"), ["GET", "", 0, undefined, "f"]);
  // Another port is another program.
  assert.deepEqual(await follow(308, "host.test"), ["POST", "text", 0, "text/plain", "f"]);
  const same: TestRedirect = { count: 0 };
  const own = await openHost((_, response) =>
    same.count++ === 0 ? response.writeHead(307, { location: "/end" }).end() : response.end(),
  );
  await send(`http://host.test:${own.port}/`, { redirects: 1, headers });
  assert.equal(own.asked.at(-1)?.headers.authorization, "Bearer a");
});

type TestRedirect = { count: number };

test("an answer that is too large is not read to its end", async () => {
  const { promise: cut, resolve } = Promise.withResolvers<void>();
  const endless = await openHost((_, response) => {
    response.on("close", resolve);
    const write = () => {
      while (response.write("x".repeat(16_384)));
      response.once("drain", write);
    };
    write();
  });
  assert.equal(await codeOf(send(`http://host.test:${endless.port}/`)), "too_large");
  await cut;
  const exact = await openHost((_, response) => response.end("x".repeat(1000)));
  assert.equal((await send(`http://host.test:${exact.port}/`)).body.length, 1000);
  const wordy = await openHost((_, response) => response.writeHead(200, { "x-long": "x".repeat(100_000) }).end());
  assert.equal(await codeOf(send(`http://host.test:${wordy.port}/`)), "too_large");
});

test("a compressed answer stays compressed, so that a small one cannot become a huge one", async () => {
  const { gzipSync } = await import("node:zlib");
  const packed = gzipSync("x".repeat(1_000_000)).subarray(0, 1000);
  const host = await openHost((_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(packed));
  assert.deepEqual((await send(`http://host.test:${host.port}/`)).body, packed);
});

/** Answers a byte now and then, so that the connection is never idle for long. */
function trickle(response: ServerResponse): void {
  const timer = setInterval(() => response.write("x"), 20);
  response.on("close", () => clearInterval(timer));
}

test("the time limit is for all of the answer, not for each piece of it", async () => {
  const { promise: cut, resolve } = Promise.withResolvers<void>();
  const slow = await openHost((_, response) => {
    response.on("close", resolve);
    trickle(response);
  });
  const sent = send(`http://host.test:${slow.port}/`, { timeoutSeconds: SHORT_SECONDS, maxResponseBytes: 1_000_000 });
  await assert.rejects(sent, {
    code: "timed_out",
    message: /^host\.test did not answer in full within 0\.5 seconds\./,
  });
  await cut;
});

test("the time limit holds for hosts that say nothing, for name servers, and over redirects", async () => {
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  atEnd(async () => void silent.close());
  const { port } = silent.address() as { port: number };
  const short = { timeoutSeconds: SHORT_SECONDS };
  assert.equal(await codeOf(send(`http://host.test:${port}/`, short)), "timed_out");
  assert.equal(await codeOf(send(`https://host.test:${port}/`, short)), "timed_out");
  const start = await openHost(redirectTo(`http://host.test:${port}/`));
  assert.equal(await codeOf(send(`http://host.test:${start.port}/`, { ...short, redirects: 1 })), "timed_out");
  const mute = { ...outboundTo({}), resolveAddresses: () => new Promise<string[]>(() => undefined) };
  assert.equal(await codeOf(send("http://host.test/", short, mute)), "timed_out");
});

test("who asks may stop a request, and gets their own reason", async () => {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  const silent = await openHost(() => resolve());
  const controller = new AbortController();
  const sent = send(`http://host.test:${silent.port}/`, { signal: controller.signal });
  await asked;
  controller.abort(new Error("Enough"));
  await assert.rejects(sent, { message: "Enough" });
});

test("a connection that is refused, reset, cut off or no HTTP is told as such", async () => {
  const port = await new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port: free } = server.address() as { port: number };
      server.close(() => resolve(free));
    });
  });
  assert.equal(await codeOf(send(`http://host.test:${port}/`)), "connection_failed");
  const answers: RequestListener[] = [
    (request) => request.socket.destroy(),
    (_, response) => response.writeHead(200, { "content-length": "100" }).write("half", () => response.destroy()),
    (request) => request.socket.end("SSH-2.0-OpenSSH\r\n"),
    (request) =>
      request.socket.end("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"),
  ];
  for (const answer of answers) {
    const host = await openHost(answer);
    assert.equal(await codeOf(send(`http://host.test:${host.port}/`)), "connection_failed");
  }
});

test("a certificate that is not trusted, or of another name, ends the request before anything is sent", async () => {
  const host = await openHost(fine, { tls: true });
  const names = { localhost: [["127.0.0.1"]], ...HOME };
  const url = (name: string) => `https://${name}:${host.port}/`;
  const untrusted = send(url("localhost"), { body: "secret" }, outboundTo(names));
  await assert.rejects(untrusted, {
    code: "connection_failed",
    message: /certificate .* not in order \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
  });
  const trusted = tls.getCACertificates("default");
  tls.setDefaultCACertificates([...trusted, CERTIFICATE]);
  try {
    const foreign = send(url("host.test"), { body: "secret" }, outboundTo(names));
    await assert.rejects(foreign, { code: "connection_failed", message: /ERR_TLS_CERT_ALTNAME_INVALID/ });
    assert.equal(host.asked.length, 0);
    assert.equal((await send(url("localhost"), {}, outboundTo(names))).body.toString(), "fine");
    const plain = await openHost(fine);
    const down = await openHost(redirectTo(`http://localhost:${plain.port}/`), { tls: true });
    assert.equal(await codeOf(send(`https://localhost:${down.port}/`, { redirects: 1 }, outboundTo(names))), "bad_url");
    assert.equal(plain.asked.length, 0);
  } finally {
    tls.setDefaultCACertificates(trusted);
  }
});
