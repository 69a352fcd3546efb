import { kinds } from "../../app.ts";
import { openTestDatabase, testServices } from "../../test/harness.ts";
import { nounsByName } from "../../test/http/server.ts";
import { startWorker } from "../tasks/engine/worker.ts";

// A worker process that tests kill and a bench measures: its argument is the database.
startWorker({
  database: openTestDatabase(JSON.parse(process.argv[2] ?? "{}")),
  services: testServices({ nouns: nounsByName }),
  kinds,
  jobs: [],
  works: [],
  concurrency: 4,
  log: { error: ({ err }) => console.error(err) },
  times: { leaseSeconds: 2, heartbeatMs: 200, sweepMs: 100, lookAgainMs: 50 },
});
