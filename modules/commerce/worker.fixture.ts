import { kinds } from "../../app.ts";
import type { Login } from "../../kernel/database/connection.ts";
import { openTestDatabase } from "../../test/harness.ts";
import { localServices } from "../../test/http/server.ts";
import { startWorker } from "../tasks/engine/worker.ts";

// A worker in a process of its own, which a test may kill.
const login = JSON.parse(process.argv[2] ?? "") as Login;
startWorker({
  database: openTestDatabase(login),
  services: localServices(),
  kinds,
  jobs: [],
  works: [],
  concurrency: 4,
  log: { error: ({ err }) => console.error(err) },
  times: { leaseSeconds: 1, heartbeatMs: 100, sweepMs: 50, lookAgainMs: 20 },
});
