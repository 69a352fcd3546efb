import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, Outlet, redirect } from "@tanstack/react-router";
import { statusOf } from "../lib/problem.ts";
import { meQuery } from "../lib/queries.ts";

type Context = { queryClient: QueryClient };

export const root = createRootRouteWithContext<Context>()({ component: Outlet });

/** Who is signed in; whoever is not is led to the sign-in and back. */
export async function readMeOrSignIn({ queryClient }: Context, to: string) {
  try {
    return await queryClient.ensureQueryData(meQuery);
  } catch (error) {
    if (statusOf(error) === 401) throw redirect({ to: "/sign-in", search: { to } });
    throw error;
  }
}
