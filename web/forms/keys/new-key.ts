import { useQuery } from "@tanstack/react-query";
import { listRoles, type Role, readMember } from "../../../modules/organizations/contract.ts";
import { createService } from "../../../modules/organizations/keys-contract.ts";
import { rolesQuery, type Service, serviceRightsQuery, servicesQuery } from "../../lib/key-queries.ts";
import { may, type Organization } from "../../lib/organization.ts";

/** Stands for a service that is made with the key. */
export const NEW_SERVICE = "new";

/** A new key as its form holds it. */
export type NewKeyValues = {
  name: string;
  /** A service's id, nothing for oneself, or `NEW_SERVICE`. */
  member: string;
  service_name: string;
  service_roles: string[];
  scopes: string[];
  expires_in_days: string;
  allowed_addresses: string[];
};

/** What there is to choose among for a new key. */
export type Choices = {
  services: readonly Service[];
  roles: readonly Role[];
  /** What whoever the key acts as may do, and its maker too. */
  offered: readonly string[];
  /** Why some of it did not come. */
  error: Error | null;
  isLoading: boolean;
};

/** What may be chosen for a key that acts so. */
export function useChoices(
  organization: Organization,
  { member, service_roles }: Pick<NewKeyValues, "member" | "service_roles">,
): Choices {
  const { slug, permissions } = organization;
  const mayManage = may(organization, createService);
  const isService = member !== "" && member !== NEW_SERVICE;
  const services = useQuery({ ...servicesQuery(slug), enabled: mayManage });
  const roles = useQuery({ ...rolesQuery(slug), enabled: mayManage && may(organization, listRoles) });
  const maySee = may(organization, readMember);
  const rights = useQuery({ ...serviceRightsQuery(slug, member), enabled: isService && maySee });
  const given = (roles.data ?? []).filter((role) => isGivable(role, permissions));
  const chosen = given.filter(({ id }) => service_roles.includes(id));
  const held = isService ? (rights.data ?? []) : chosen.flatMap((role) => role.permissions);
  // Whoever may not see what the service may do chooses among all of theirs, and the server tells what is too much.
  const takesAll = member === "" || (isService && !maySee);
  return {
    services: services.data ?? [],
    roles: given,
    offered: takesAll ? permissions : permissions.filter((permission) => held.includes(permission)),
    error: services.error ?? roles.error ?? rights.error,
    isLoading: rights.isLoading || roles.isLoading,
  };
}

/** Whether a role permits no more than who would give it may do, as the server wants it. */
function isGivable({ name, built_in, permissions }: Role, held: readonly string[]): boolean {
  return !(built_in && name === "owner") && permissions.every((permission) => held.includes(permission));
}
