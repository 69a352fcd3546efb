import type pg from "pg";

/** A model that organizations can ask; prices are of a million tokens, in micro-credits. */
export type ListedModel = {
  name: string;
  /** The provider, by the name under which organizations connect it. */
  provider: string;
  /** What the provider calls it. */
  called: string;
  label: string;
  inputPrice: number;
  outputPrice: number;
  contextTokens: number;
  outputTokens: number;
};

const LIST_MODEL = `
  insert into assistant.models (name, version, provider, called, label, input_price, output_price, context_tokens, output_tokens)
  select $1, 1 + coalesce(max(m.version), 0), $2, $3, $4, $5, $6, $7, $8 from assistant.models m where m.name = $1
  returning version`;

/** Lists a model for all organizations, or gives it other prices: from now on its latest version holds. Resolves with the version. */
export async function listModel(owner: pg.ClientBase, model: ListedModel): Promise<number> {
  const { name, provider, called, label, inputPrice, outputPrice, contextTokens, outputTokens } = model;
  const values = [name, provider, called, label, inputPrice, outputPrice, contextTokens, outputTokens];
  const { rows } = await owner.query<{ version: number }>(LIST_MODEL, values);
  return rows[0]?.version ?? 1;
}

/** Takes a model off the list. False where there is none of this name. */
export async function unlistModel(owner: pg.ClientBase, name: string): Promise<boolean> {
  const { rowCount } = await owner.query("update assistant.models set is_active = false where name = $1", [name]);
  return (rowCount ?? 0) > 0;
}
