import { memberRoute, personRoute } from "../../kernel/http/route.ts";
import * as contract from "./contract.ts";
import { explainPermission, listPermissions } from "./explain.ts";
import { joiningRoutes } from "./joining-routes.ts";
import { keyRoutes } from "./key-routes.ts";
import {
  deleteOrganization,
  leaveOrganization,
  restoreOrganization,
  transferOwnership,
  updateMyMembership,
} from "./life.ts";
import { readMe } from "./me.ts";
import { setMemberExceptions, setMemberRoles } from "./member-roles.ts";
import { listMembers, readMember, removeMember, setMemberStatus } from "./members.ts";
import { createOrganization } from "./organizations.ts";
import { createRole, deleteRole, listRoles, updateRole } from "./roles.ts";
import { readOrganization, updateOrganization } from "./settings.ts";
import { changeSlug } from "./slugs.ts";

export const routes = [
  personRoute(contract.readMe, (call) => readMe(call)),
  personRoute(contract.createOrganization, (call, { body }) => createOrganization(call, body)),
  personRoute(contract.restoreOrganization, (call, { params }) => restoreOrganization(call, params)),
  personRoute(contract.leaveOrganization, (call, { params }) => leaveOrganization(call, params)),
  personRoute(contract.updateMyMembership, (call, { params, body }) =>
    updateMyMembership(call, { ...params, ...body }),
  ),
  memberRoute(contract.readOrganization, (context) => readOrganization(context)),
  memberRoute(contract.updateOrganization, (context, { body }) => updateOrganization(context, body)),
  memberRoute(contract.changeSlug, (context, { body }) => changeSlug(context, body)),
  memberRoute(contract.deleteOrganization, (context, { query }) => deleteOrganization(context, query)),
  memberRoute(contract.transferOwnership, (context, { body }) => transferOwnership(context, body)),
  memberRoute(contract.listMembers, (context, input) => listMembers(context, input)),
  memberRoute(contract.readMember, (context, { params }) => readMember(context, params)),
  memberRoute(contract.setMemberStatus, (context, { params, body }) =>
    setMemberStatus(context, { ...params, ...body }),
  ),
  memberRoute(contract.removeMember, (context, { params }) => removeMember(context, params)),
  memberRoute(contract.setMemberRoles, (context, { params, body }) => setMemberRoles(context, { ...params, ...body })),
  memberRoute(contract.setMemberExceptions, (context, { params, body }) =>
    setMemberExceptions(context, { ...params, ...body }),
  ),
  memberRoute(contract.listRoles, (context) => listRoles(context)),
  memberRoute(contract.createRole, (context, { body }) => createRole(context, body)),
  memberRoute(contract.updateRole, (context, { params, body }) => updateRole(context, { ...params, changes: body })),
  memberRoute(contract.deleteRole, (context, { params }) => deleteRole(context, params)),
  memberRoute(contract.listPermissions, (context) => listPermissions(context)),
  memberRoute(contract.explainPermission, (context, { query }) => explainPermission(context, query)),
  ...keyRoutes,
  ...joiningRoutes,
];
