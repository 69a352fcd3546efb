import { Readable } from "node:stream";
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  onRequestHookHandler,
  preParsingAsyncHookHandler,
} from "fastify";
import { ZodError, ZodObject, type ZodType } from "zod";
import type { Database } from "../database/pool.ts";
import type { Permission } from "../database/types.gen.ts";
import { isDeeperThan } from "../depth.ts";
import { Problem } from "../errors.ts";
import type { Services } from "../services.ts";
import type { Credential } from "../tenancy/credential.ts";
import type { Caller } from "../tenancy/gate.ts";
import { isReplay } from "../tenancy/idempotency.ts";
import { type AddressLimit, plainAddress } from "./address-limit.ts";
import {
  type BearerReader,
  credentialOf,
  findCredential,
  personOf,
  refuseForeignOrigin,
  sessionCookie,
  setCookie,
} from "./credential.ts";
import { deprecationHeaders } from "./deprecation.ts";
import type { Endpoint, InputOf } from "./endpoint.ts";
import { type Entrance, MovedError } from "./entering.ts";
import { type Listeners, sendEvents, sendPieces } from "./event-stream.ts";
import { idempotencyKeyOf } from "./idempotency.ts";
import { bodyTypesOf, refuseUnacceptable } from "./media.ts";
import type { CallMeter } from "./metering.ts";
import type { RateLimiter } from "./rate-limit.ts";
import type { Accepted, Answer, Call, Document, Download, EventStream, JsonText, Redirect, Route } from "./route.ts";
import { countUnknown } from "./unknown-fields.ts";
import type { UseKeeper } from "./use.ts";

/** Most bytes of a body, unless its endpoint takes more. */
export const BODY_BYTES_MAX = 1024 * 1024;
/** How deep a body may be. */
const LEVELS_MAX = 100;
/** Of more fields that nobody knows only the number is told. */
const UNKNOWN_TOLD_MAX = 100;
/** So many texts that cannot be stored are told. */
const UNSTORABLE_TOLD_MAX = 100;

type Input = InputOf<Endpoint>;

/** What the routes share. */
export type Desk = {
  database: Database;
  services: Services;
  entrance: Entrance;
  readers: readonly BearerReader[];
  keepUse: UseKeeper;
  meters: readonly CallMeter[];
  listeners: Listeners;
  rates: RateLimiter;
  /** The limits of the groups of routes whose requests are counted by address. */
  limits: Record<NonNullable<Endpoint["limit"]>, AddressLimit>;
};

/** Puts a route on the server: checks the input by the contract, finds out who asks, runs the handler, sends the answer. */
export function registerRoute(server: FastifyInstance, route: Route, desk: Desk): void {
  const { endpoint } = route;
  const { limit, deprecated } = endpoint;
  server.route({
    method: endpoint.method,
    url: endpoint.path,
    config: { operation: endpoint.name, bodyTypes: bodyTypesOf(endpoint) },
    onRequest: [
      ...(deprecated ? [tellAlways(deprecationHeaders(deprecated))] : []),
      refuseUnacceptable(endpoint),
      ...(limit ? [desk.limits[limit]] : []),
    ],
    ...(endpoint.bodyBytesMax && { bodyLimit: endpoint.bodyBytesMax, preParsing: settleFirst(route, desk) }),
    handler: async (request, reply) => {
      if (endpoint.answerMedia === "events") desk.listeners.admit(reply);
      const call = callOf(request, reply, endpoint, desk);
      try {
        const answer = await handle(route, request, reply, call, desk);
        if (endpoint.answerStatus) reply.code(endpoint.answerStatus);
        return send(reply, answer);
      } catch (error) {
        if (error instanceof MovedError) return reply.redirect(addressAt(request.url, error.slug), 308);
        throw error;
      }
    },
  });
}

/** A body larger than others may be is read of those alone who may send it: that takes time and memory that all requests share. */
function settleFirst(route: Route, desk: Desk): preParsingAsyncHookHandler {
  return async (request, reply) => {
    const isSmall = Number(request.headers["content-length"] ?? Number.POSITIVE_INFINITY) <= BODY_BYTES_MAX;
    if (route.kind !== "member" || isSmall) return;
    const call = callOf(request, reply, route.endpoint, desk);
    const credential = await credentialOf(request, call, desk.readers);
    try {
      await desk.entrance.settle(wishOf(credential, route, request, call));
    } catch (error) {
      // Whoever asks at an old address is sent to the new one by the handler.
      if (!(error instanceof MovedError)) throw error;
    }
  };
}

function wishOf(credential: Credential, { endpoint }: Route, request: FastifyRequest, call: Call) {
  const { organization: slug = "" } = request.params as { organization?: string };
  return {
    credential,
    slug,
    permission: endpoint.access as Permission,
    operation: endpoint.name,
    request: call.request,
    signal: call.signal,
  };
}

function tellAlways(headers: Record<string, string>): onRequestHookHandler {
  return (_request, reply, done) => {
    reply.headers(headers);
    done();
  };
}

async function handle(
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  call: Call,
  desk: Desk,
): Promise<Answer<Endpoint>> {
  if (route.kind === "anyone") {
    refuseForeignOrigin(request, desk.services.publicUrl);
    return route.handle(call, inputOf(route.endpoint, request));
  }
  // Who asks is found out before what they ask for: a stranger learns nothing from the check of the input.
  const credential = await credentialOf(request, call, desk.readers);
  const { organization: slug } = request.params as { organization?: string };
  return desk.rates.within(credential, slug, reply, () => handleAs(credential, route, { request, reply, call }, desk));
}

async function handleAs(
  credential: Credential,
  route: Exclude<Route, { kind: "anyone" }>,
  { request, reply, call }: { request: FastifyRequest; reply: FastifyReply; call: Call },
  desk: Desk,
): Promise<Answer<Endpoint>> {
  const { entrance } = desk;
  if (route.kind === "person") {
    const person = personOf(credential);
    const answer = await route.handle({ ...call, credential: person }, inputOf(route.endpoint, request));
    desk.keepUse(call, person);
    return answer;
  }

  if (credential.kind === "api_key") for (const meter of desk.meters) meter.refuse(desk.database, credential);
  const wish = wishOf(credential, route, request, call);
  const read = () => ({
    input: inputOf(route.endpoint, request),
    idempotencyKey: idempotencyKeyOf(route.endpoint, request),
  });
  const { input, idempotencyKey } = await readSettled(route.endpoint, read, () => entrance.settle(wish));
  const answer = await entrance.enter({ ...wish, idempotencyKey }, async (context) => {
    const answer = await route.handle(context, input);
    if (isReplay(context.idempotency)) reply.header("idempotent-replayed", "true");
    return answer;
  });
  desk.keepUse(call, credential);
  if (credential.kind === "api_key") for (const meter of desk.meters) meter.count(desk.database, credential);
  return answer;
}

/** A bad input, like a body that can be read only once, is looked at only after the caller was let in. */
async function readSettled<T>(endpoint: Endpoint, read: () => T, settle: () => Promise<void>): Promise<T> {
  const isStream = endpoint.answerMedia === "stream" || endpoint.answerMedia === "events";
  if (endpoint.bodyMedia === "stream" || isStream) await settle();
  try {
    return read();
  } catch (error) {
    await settle();
    throw error;
  }
}

function inputOf(endpoint: Endpoint, request: FastifyRequest): Input {
  if (endpoint.bodyMedia === "json" && request.body instanceof Readable) throw new Problem("unsupported_media_type");
  const parts = {
    params: check(endpoint.params, request.params),
    query: endpoint.readQuery
      ? { issues: [], data: endpoint.readQuery(queryTextOf(request.url)) }
      : check(endpoint.query, request.query),
    body: endpoint.bodyMedia === "stream" ? { issues: [], data: request.body } : check(endpoint.body, request.body),
  };
  const issues = Object.values(parts).flatMap((part) => part.issues);
  if (issues.length > 0) throw new ZodError(issues);
  const { "last-event-id": lastEventId, accept } = request.headers;
  const ifVersion = versionOf(request.headers["if-match"]);
  return {
    params: parts.params.data,
    query: parts.query.data,
    body: parts.body.data,
    ...(typeof lastEventId === "string" && { lastEventId }),
    ...(ifVersion && { ifVersion }),
    ...(accept && { accept }),
  };
}

function queryTextOf(url: string): string {
  const start = url.indexOf("?");
  return start < 0 ? "" : url.slice(start + 1);
}

/** The version in `If-Match`: one entity tag as we give them, or `*`, which any row matches. */
function versionOf(ifMatch: string | undefined): string | undefined {
  if (ifMatch === undefined || ifMatch.trim() === "*") return undefined;
  const version = /^\s*"(\d{1,18})"\s*$/.exec(ifMatch)?.[1];
  if (version) return version;
  const message = 'Send the ETag that the row was answered with, such as If-Match: "3".';
  throw new Problem("invalid", { errors: [{ field: "If-Match", message }] });
}

function check(shape: ZodType | undefined, value: unknown): { issues: ZodError["issues"]; data: unknown } {
  if (!shape) return { issues: [], data: undefined };
  if (isDeeperThan(value, LEVELS_MAX)) {
    const message = `At most ${LEVELS_MAX} levels of lists and objects.`;
    return { issues: [{ code: "custom", path: [], message, input: undefined }], data: undefined };
  }
  const unknown = shape instanceof ZodObject ? countUnknown(shape, value) : 0;
  if (unknown > UNKNOWN_TOLD_MAX) {
    const message = `${unknown} of the fields are not known here.`;
    return { issues: [{ code: "custom", path: [], message, input: undefined }], data: undefined };
  }
  const result = shape.safeParse(value);
  if (!result.success) return { issues: result.error.issues, data: undefined };
  const issues: ZodError["issues"] = [];
  findUnstorable(result.data, [], issues);
  return { issues, data: result.data };
}

/**
 * PostgreSQL stores no NUL, and half a surrogate pair would become another character on its way there. A body may have millions of
 * values, so none of it is copied on the way through.
 */
function findUnstorable(value: unknown, path: PropertyKey[], issues: ZodError["issues"]): void {
  if (issues.length >= UNSTORABLE_TOLD_MAX) return;
  if (Array.isArray(value)) {
    for (let place = 0; place < value.length; place++) findWithin(value[place], place, path, issues);
  } else if (typeof value === "object" && value !== null) {
    for (const name of Object.keys(value)) findWithin((value as Record<string, unknown>)[name], name, path, issues);
  } else if (typeof value === "string" && !(value.isWellFormed() && !value.includes("\0"))) {
    const message = "This holds a NUL character or half of a surrogate pair, which cannot be stored. Delete it.";
    issues.push({ code: "custom", path: [...path], message, input: value });
  }
}

function findWithin(value: unknown, name: PropertyKey, path: PropertyKey[], issues: ZodError["issues"]): void {
  if (typeof value !== "string" && typeof value !== "object") return;
  path.push(name);
  findUnstorable(value, path, issues);
  path.pop();
}

/** The same address under the organization's present slug. */
function addressAt(url: string, slug: string): string {
  return url.replace(/^\/api\/organizations\/[^/?]+/, `/api/organizations/${slug}`);
}

function callOf(request: FastifyRequest, reply: FastifyReply, endpoint: Endpoint, desk: Desk): Call {
  const controller = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  const agent = request.headers["user-agent"]?.slice(0, 500);
  const address = plainAddress(request.ip);
  const caller: Caller = {
    database: desk.database,
    services: desk.services,
    operation: endpoint.name,
    request: { requestId: request.id, ...(address && { address }), ...(agent && { agent }) },
  };
  return {
    ...caller,
    signal:
      endpoint.answerMedia === "events"
        ? AbortSignal.any([controller.signal, desk.listeners.closing])
        : controller.signal,
    findPerson: async () => {
      const credential = await findCredential(request, caller, desk.readers);
      return credential && personOf(credential);
    },
    setSession: (credential) => setCookie(reply, desk.services.publicUrl, sessionCookie(credential)),
    readHeader: (name) => {
      const value = request.headers[name];
      return typeof value === "string" ? value : undefined;
    },
    readCookie: (name) => request.cookies[name],
    setCookie: (name, value, seconds) => setCookie(reply, desk.services.publicUrl, { name, value, seconds }),
    fromOtherSite: ["cross-site", "same-site"].includes(String(request.headers["sec-fetch-site"])),
  };
}

function send(reply: FastifyReply, answer: Answer<Endpoint>): FastifyReply | Promise<FastifyReply> {
  if (answer === undefined) return reply.code(204).send();
  if (isRedirect(answer)) return reply.redirect(answer.redirect);
  if (isAccepted(answer)) {
    return reply.code(202).type("application/json; charset=utf-8").send(JSON.stringify(answer.accepted));
  }
  if (isEventStream(answer)) return sendEvents(reply, answer);
  if (isDocument(answer)) return sendDocument(reply, answer);
  if (isDownload(answer)) return sendDownload(reply, answer);
  if (isJsonText(answer)) return sendJsonText(reply, answer);
  return reply.type("application/json; charset=utf-8").send(JSON.stringify(answer));
}

function sendJsonText(reply: FastifyReply, { json, version, createdAt }: JsonText): FastifyReply {
  if (createdAt !== undefined) reply.code(201).header("location", createdAt);
  if (version !== undefined) {
    const tag = `"${version}"`;
    reply.header("etag", tag);
    if (reply.request.method === "GET" && isKnown(reply.request, tag)) return reply.code(304).send();
  }
  return reply.type("application/json; charset=utf-8").send(json);
}

function sendDownload(reply: FastifyReply, { stream, mediaType, fileName, tag }: Download): FastifyReply {
  if (tag !== undefined) {
    reply.header("etag", `"${tag}"`).header("cache-control", "private, no-cache");
    if (isKnown(reply.request, `"${tag}"`)) return reply.code(304).send();
  }
  const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`;
  return sendPieces(reply.type(mediaType).header("content-disposition", disposition), stream);
}

async function sendDocument(reply: FastifyReply, answer: Document): Promise<FastifyReply> {
  const tag = `"${answer.tag}"`;
  reply
    .header("etag", tag)
    .header("cache-control", `public, max-age=${answer.keepSeconds}`)
    .header("content-security-policy", answer.contentSecurityPolicy);
  if (!answer.status && isKnown(reply.request, tag)) return reply.code(304).send();
  const text = await answer.document();
  return reply
    .code(answer.status ?? 200)
    .type(answer.mediaType)
    .send(text);
}

/** Whether the caller has this version already. */
function isKnown({ headers }: FastifyRequest, tag: string): boolean {
  const known = headers["if-none-match"]?.split(",").map((one) => one.trim().replace(/^W\//, ""));
  return known?.includes(tag) ?? false;
}

function isJsonText(answer: unknown): answer is JsonText {
  return typeof answer === "object" && answer !== null && "json" in answer && typeof answer.json === "string";
}

function isAccepted(answer: unknown): answer is Accepted {
  return typeof answer === "object" && answer !== null && "accepted" in answer && typeof answer.accepted === "object";
}

function isRedirect(answer: unknown): answer is Redirect {
  return typeof answer === "object" && answer !== null && "redirect" in answer && typeof answer.redirect === "string";
}

function isEventStream(answer: unknown): answer is EventStream {
  return (
    typeof answer === "object" && answer !== null && "events" in answer && Symbol.asyncIterator in Object(answer.events)
  );
}

function isDocument(answer: unknown): answer is Document {
  return typeof answer === "object" && answer !== null && "document" in answer && typeof answer.document === "function";
}

function isDownload(answer: unknown): answer is Download {
  return typeof answer === "object" && answer !== null && "stream" in answer && "mediaType" in answer;
}
