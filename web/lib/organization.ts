import { useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { Endpoint } from "../../kernel/http/endpoint.ts";
import type { Me } from "../../modules/organizations/contract.ts";
import { meQuery } from "./queries.ts";

/** An organization that the signed-in person belongs to. */
export type Organization = Me["organizations"][number];

/** The organization in the address. */
export function useOrganization(): Organization {
  const { organization: slug } = useParams({ from: "/$organization" });
  const { data: me } = useSuspenseQuery(meQuery);
  const organization = me.organizations.find((each) => each.slug === slug);
  // The router lets nobody in who is not a member: this one was a moment ago.
  if (!organization) throw new Error("You are not a member of this organization any more.");
  return organization;
}

/** Whether the person may call the endpoint there. The server checks too: this only decides what is shown. */
export function may(organization: Organization, endpoint: Endpoint): boolean {
  return organization.permissions.includes(endpoint.access);
}

/** Whether the person holds a permission there for all rows, and not only for their own. */
export function holdsForAll(organization: Organization, permission: Endpoint["access"]): boolean {
  return organization.permissions.includes(permission) && !organization.narrow_permissions.includes(permission);
}
