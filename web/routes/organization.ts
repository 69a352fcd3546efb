import { createRoute, notFound, redirect } from "@tanstack/react-router";
import { OrganizationShell } from "../pages/organizations/OrganizationShell.tsx";
import { readMeOrSignIn, root } from "./root.ts";

/** What surrounds every page of an organization. */
export const organization = createRoute({
  getParentRoute: () => root,
  path: "/$organization",
  beforeLoad: async ({ context, location, params }) => {
    const me = await readMeOrSignIn(context, location.href);
    if (me.organizations.some(({ slug }) => slug === params.organization)) return;
    const moved = me.organizations.find(({ old_slugs }) => old_slugs.includes(params.organization));
    if (!moved) throw notFound();
    throw redirect({ href: location.href.replace(/^\/[^/?#]+/, `/${moved.slug}`), replace: true });
  },
  component: OrganizationShell,
});
