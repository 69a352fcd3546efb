import { COLUMN_RULES } from "./columns.ts";
import { COMMENT_RULES } from "./comments.ts";
import { DISTRIBUTION_RULES } from "./distribution.ts";
import { FOREIGN_KEY_RULES } from "./foreign-keys.ts";
import { FUNCTION_RULES } from "./functions.ts";
import { GRANT_RULES } from "./grants.ts";
import { INDEX_RULES } from "./indexes.ts";
import { OWNERSHIP_RULES } from "./ownership.ts";
import { POLICY_RULES } from "./policies.ts";
import { RECORD_RULES } from "./record.ts";
import { TABLE_RULES } from "./tables.ts";
import { VIEW_RULES } from "./views.ts";

/** Every rule of the data model. */
export const RULES = [
  ...TABLE_RULES,
  ...POLICY_RULES,
  ...GRANT_RULES,
  ...OWNERSHIP_RULES,
  ...FUNCTION_RULES,
  ...VIEW_RULES,
  ...INDEX_RULES,
  ...FOREIGN_KEY_RULES,
  ...COLUMN_RULES,
  ...RECORD_RULES,
  ...COMMENT_RULES,
  ...DISTRIBUTION_RULES,
];
