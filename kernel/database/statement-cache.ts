/** Prepared statements cost PostgreSQL some 35 kB each on every connection. */
export const PREPARED_STATEMENTS_MAX = 200;

type State = "sent" | "prepared";

/** What one connection has prepared, least recently used first. */
type StatementCache = {
  /** Says whether a statement must be parsed now, and which others must be closed to make room. */
  request(name: string): { parse: boolean; evict: string[] };
  /** Notes that a statement has run, so it is surely prepared. */
  confirm(name: string | undefined): void;
};

const caches = new WeakMap<object, StatementCache>();

/** The cache of a connection; it lives as long as the connection does. */
export function statementCache(connection: object): StatementCache {
  let cache = caches.get(connection);
  if (!cache) {
    cache = createStatementCache();
    caches.set(connection, cache);
  }
  return cache;
}

function createStatementCache(): StatementCache {
  const states = new Map<string, State>();
  return {
    request(name) {
      const state = states.get(name);
      states.delete(name);
      states.set(name, state ?? "sent");
      if (state === "prepared") return { parse: false, evict: [] };
      return { parse: true, evict: evictOldest(states) };
    },
    confirm(name) {
      if (name && states.has(name)) states.set(name, "prepared");
    },
  };
}

function evictOldest(states: Map<string, State>): string[] {
  const oldest = states.keys().next().value;
  if (states.size <= PREPARED_STATEMENTS_MAX || oldest === undefined) return [];
  states.delete(oldest);
  return [oldest];
}
