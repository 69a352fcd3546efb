import packageJson from "../../package.json" with { type: "json" };
import type { Readiness } from "./readiness.ts";

/** The page at the root: that the server runs, and on what. */
export function statusPage({ ready, database, problems }: Readiness): string {
  const list = problems.map((problem) => `<li>${escapeHtml(problem)}</li>`).join("");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Tenon</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}</style>
<h1>Tenon ${packageJson.version}</h1>
<p>${ready ? "Running." : "Not ready:"}</p>
<ul>${list}</ul>
<p>Database: ${escapeHtml(database)}</p>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
