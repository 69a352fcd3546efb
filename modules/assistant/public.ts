// What the modules below and the command line may call.
import * as operators from "./operators.ts";
import * as texts from "./texts.ts";

/** Lists a model for all organizations, or gives it other prices, and takes it off the list; see `operators.ts`. */
export const { listModel, unlistModel } = operators;

/** Texts that a model writes for a task; see `texts.ts`. */
export const { chooseModel, writeText } = texts;
