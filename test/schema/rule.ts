/** A rule of the data model: a query over the catalog that must return no rows. */
export type Rule = {
  /** The rule as a sentence. */
  name: string;
  why: string;
  /**
   * Returns one text column `fault` for every object that breaks the rule: its name, a colon, and what is wrong.
   * It may read the tables of `catalog.ts`. $1 is the list of exceptions, where the rule has one.
   */
  sql: string;
  /** Objects that may break the rule, each with the reason. */
  exceptions?: Record<string, string>;
  /** Ways to break the rule, and no other. */
  breaches: Breach[];
};

/** SQL that breaks a rule, as a migration would, and the faults that this rule, and only this one, then finds. */
type Breach = { sql: string; faults: string[] };
