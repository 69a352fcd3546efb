import type { Sensitivity } from "../../database/catalog/catalog.ts";
import { relationsToMembers } from "./check.ts";
import { type DesignSensitivity, type Entity, relationColumn } from "./design.ts";

/** What the migration says of an entity's sensitivity. */
export type EntityAccess = {
  /** What the table's comment ends with, and so the document tells. */
  level: Sensitivity;
  /** What the comment says of it before. */
  note: string;
  /** Named parameters of kernel.tenant_table(). */
  parameters: string[];
  grants: { rights: string; roles: string }[];
};

const EVERYTHING = "select, insert, update, delete";

const ACCESS: Record<DesignSensitivity, (entity: Entity) => EntityAccess> = {
  open: () => ({ level: "low", note: "", parameters: [], grants: [] }),
  own: (entity) => ({
    level: "medium",
    note: "",
    parameters: [`own => '${relationColumn(entity.owner ?? relationsToMembers(entity)[0] ?? "")}'`],
    grants: [],
  }),
  metadata: () => ({
    level: "low",
    note: "Members read it, stewards and workers change it. ",
    parameters: ["access => 'read'"],
    grants: [{ rights: "insert, update, delete", roles: "tenon_steward, tenon_worker" }],
  }),
  // What the record keeps is read by more people than the table, so the values stay out of it.
  secret: ({ fields }) => ({
    level: "critical",
    note: "No member reads it, only stewards and workers. ",
    parameters: [
      "access => 'none'",
      ...(fields.length > 0 ? [`secrets => '{${fields.map(({ name }) => name).join(",")}}'`] : []),
    ],
    grants: [
      { rights: EVERYTHING, roles: "tenon_steward" },
      { rights: "select, insert", roles: "tenon_worker" },
    ],
  }),
};

/** How an entity's sensitivity word becomes policies, grants, and the level that the document shows. */
export function accessOf(entity: Entity): EntityAccess {
  return ACCESS[entity.sensitivity](entity);
}
