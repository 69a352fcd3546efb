import { readdir } from "node:fs/promises";
import { startTestServer } from "../test/database-server.ts";
import type { Bench } from "./bench.ts";

// npm run bench -- NAME    measures one thing on a database of its own, prints a table, and at the end each figure and its goal

/** Waits for no disk: what is compared is the work of the processors, and the disk is the same for both sides. */
const SETTINGS = {
  synchronous_commit: "off",
  shared_buffers: "1GB",
  max_wal_size: "8GB",
  checkpoint_timeout: "1h",
  autovacuum: "off",
};

const names = (await readdir(import.meta.dirname))
  .filter((file) => file.endsWith(".bench.ts"))
  .map((file) => file.replace(".bench.ts", ""));
const name = process.argv[2];

if (name === undefined || !names.includes(name)) {
  console.error(`There is no bench "${name ?? ""}". There are: ${names.join(", ")}.`);
  process.exit(1);
}

const server = await startTestServer(SETTINGS);
try {
  Object.assign(process.env, server.environment);
  const { bench } = (await import(`./${name}.bench.ts`)) as { bench: Bench };
  const { table, figure, goal, more = [] } = await bench();
  const { runEndings } = await import("../test/harness.ts");
  await runEndings();
  console.table(table);
  const figures = [...more.map((other) => ({ ...other, name: `${name}, ${other.name}` })), { name, figure, goal }];
  for (const each of figures) console.log(`${each.name}: ${each.figure.toFixed(2)} (goal: ≥ ${each.goal})`);
  process.exitCode = figures.every((each) => each.figure >= each.goal) ? 0 : 1;
} finally {
  await server.stop();
}
