#!/usr/bin/env node
import "./node-version.mjs";

// The files a person names are relative to where they stand, so the working folder stays what it is.
import("./launch.mjs").then(({ launch, fromRoot }) =>
  launch([fromRoot("cli/main.ts"), ...process.argv.slice(2)], { development: false, cwd: process.cwd() }),
);
