import type { FastifyInstance } from "fastify";
import helmet from "helmet";

/** Scripts come from our own files only. Mantine sets styles from scripts, so inline styles are let through. */
const CONTENT_SECURITY_POLICY = {
  defaultSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", "data:"],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
};

/** Puts helmet's headers on every answer. They never differ, so helmet is asked for them once and not at every request. */
export function registerSecurityHeaders(server: FastifyInstance): void {
  const headers = securityHeaders();
  server.addHook("onRequest", (_, reply, done) => {
    reply.headers(headers);
    done();
  });
}

function securityHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  const collect = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY_POLICY },
    strictTransportSecurity: false,
  });
  const answer = {
    setHeader: (name: string, value: string) => {
      headers[name] = value;
    },
    removeHeader: () => undefined,
  };
  collect({} as never, answer as never, (error) => {
    if (error) throw error;
  });
  return headers;
}
