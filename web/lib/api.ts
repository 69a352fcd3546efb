import { tenon } from "../../client/tenon.ts";

/** The server that the page came from, by the session's cookie. What is shown is tried again by the cache of queries. */
export const { call, open } = tenon({ retries: 0 });
