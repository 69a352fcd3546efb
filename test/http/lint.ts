import spectral, { type ISpectralDiagnostic, type RulesetDefinition } from "@stoplight/spectral-core";
import rulesets from "@stoplight/spectral-rulesets";
import type { Endpoint } from "../../kernel/http/endpoint.ts";
import { describeApi } from "../../kernel/http/openapi/document.ts";

/** What Spectral's recommended rules find in the description of endpoints, warnings too. */
export async function lintDescription(endpoints: readonly Endpoint[]): Promise<string[]> {
  const linter = new spectral.Spectral();
  linter.setRuleset(rulesets.oas as RulesetDefinition);
  const found: ISpectralDiagnostic[] = await linter.run(JSON.stringify(describeApi(endpoints)));
  return found.map(({ code, path, message }) => `${code} at ${path.join("/")}: ${message}`);
}
