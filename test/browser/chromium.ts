import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const INSTALLED = "/usr/bin/chromium";
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

/** Starts Chromium: the machine's own where there is one, else the one from the packages. The caller closes it. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: await findProgram(), args: FLAGS });
}

async function findProgram(): Promise<string> {
  if (existsSync(INSTALLED)) return INSTALLED;
  const { default: packaged } = await import("@sparticuz/chromium");
  return packaged.executablePath();
}
