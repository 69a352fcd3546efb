#!/usr/bin/env node
import "./node-version.mjs";

const WATCHED = ["app.ts", "cli", "kernel", "migrations", "modules"];

/** What each npm script runs, and whether it needs the packages that only development does. */
const SCRIPTS = {
  start: { program: ["cli/main.ts", "start"], development: false },
  dev: { program: [...watchOptions(), "cli/main.ts", "start"], development: false },
  test: { program: ["test/run.ts"], development: true },
  bench: { program: ["bench/run.ts"], development: true },
};

function watchOptions() {
  return ["--watch", "--watch-preserve-output", ...WATCHED.map((path) => `--watch-path=${path}`)];
}

const [name, ...args] = process.argv.slice(2);
const script = Object.hasOwn(SCRIPTS, name) ? SCRIPTS[name] : undefined;

if (script) {
  import("./launch.mjs").then(({ launch, ROOT }) =>
    launch([...script.program, ...args], { development: script.development, cwd: ROOT }),
  );
} else {
  console.error(`tenon: there is no script "${name || ""}". There are: ${Object.keys(SCRIPTS).join(", ")}.`);
  process.exitCode = 1;
}
