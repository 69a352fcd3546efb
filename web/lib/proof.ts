import { createContext, useContext } from "react";
import { ApiProblem } from "../../client/problem.ts";
import { codeOf } from "./problem.ts";

/** Which proof is asked for: any, or one of a second factor. */
export type Wanted = "any" | "second_factor";

/** Asks the person to prove who they are. Resolves with whether they did. */
export type AskForProof = (wanted: Wanted) => Promise<boolean>;

export const ProofContext = createContext<AskForProof>(() => Promise.resolve(false));

const WANTED: Partial<Record<string, Wanted>> = { proof_needed: "any", second_factor_needed: "second_factor" };

/**
 * Wraps calls that want a proof of identity: when the server asks for one, so does the page, and then calls again. Throws an
 * `ApiProblem` when the person would not give it.
 */
export function useProof() {
  const ask = useContext(ProofContext);
  return async <T>(work: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const wanted = WANTED[codeOf(error) ?? ""];
        if (!wanted) throw error;
        if (!(await ask(wanted))) throw notProved(error);
      }
    }
  };
}

function notProved(cause: unknown): ApiProblem {
  const problem = { title: "Nothing was done", status: 0, code: "not_proved", hint: "Try again when you are ready." };
  return new ApiProblem({ ...problem, detail: "This needs a proof that it is you." }, { cause });
}
