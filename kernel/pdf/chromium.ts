import { createReadStream, createWriteStream, existsSync, statSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createBrotliDecompress } from "node:zlib";
import type { Browser } from "playwright-core";

const INSTALLED = "/usr/bin/chromium";
const PACKED = fileURLToPath(new URL("../../bin/chromium.br", import.meta.resolve("@sparticuz/chromium")));
// With the size in its name, so that another version is unpacked anew.
const UNPACKED = join(
  import.meta.dirname,
  `../../node_modules/.cache/chromium/headless-shell-${statSync(PACKED).size}`,
);
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Starts Chromium, which the caller closes: the headless one from the packages, which needs a third of the processor time of
 * a whole one, or where it does not run the machine's own.
 */
export async function launchChromium(): Promise<Browser> {
  // Reading it takes a quarter of a second, which every process that prints nothing would pay at its start.
  const { chromium } = await import("playwright-core");
  try {
    await unpackChromium();
    return await chromium.launch({ executablePath: UNPACKED, args: FLAGS });
  } catch (error) {
    if (!existsSync(INSTALLED)) throw error;
    return chromium.launch({ executablePath: INSTALLED, args: FLAGS });
  }
}

/** Makes ready what `launchChromium` starts, so that the first test need not. */
export async function prepareChromium(): Promise<void> {
  await unpackChromium().catch((error: unknown) => {
    if (!existsSync(INSTALLED)) throw error;
  });
}

/** Unpacks the packages' Chromium, where that was not done. It gets its name when it is whole, as others may do the same. */
async function unpackChromium(): Promise<void> {
  if (existsSync(UNPACKED)) return;
  const fresh = `${UNPACKED}.${process.pid}`;
  await mkdir(dirname(UNPACKED), { recursive: true });
  try {
    await pipeline(createReadStream(PACKED), createBrotliDecompress(), createWriteStream(fresh, { mode: 0o755 }));
    await rename(fresh, UNPACKED);
  } finally {
    await rm(fresh, { force: true });
  }
}
