import { createRoute, redirect } from "@tanstack/react-router";
import { z } from "zod";
import { ApiPage } from "../pages/api/ApiPage.tsx";
import { DataModelPage } from "../pages/data-model/DataModelPage.tsx";
import { DomainPage } from "../pages/data-model/DomainPage.tsx";
import { ModelStart } from "../pages/data-model/ModelStart.tsx";
import { AccountPage } from "../pages/identity/account/AccountPage.tsx";
import { InvitationPage } from "../pages/identity/InvitationPage.tsx";
import { MailboxPage } from "../pages/identity/MailboxPage.tsx";
import { EmailChangePage, RestorePage, UnlockPage } from "../pages/identity/mail-pages.tsx";
import { ResetPasswordPage } from "../pages/identity/ResetPasswordPage.tsx";
import { SignInPage } from "../pages/identity/SignInPage.tsx";
import { SignUpPage } from "../pages/identity/SignUpPage.tsx";
import { VerifyPage } from "../pages/identity/VerifyPage.tsx";
import { NewOrganizationPage } from "../pages/organizations/NewOrganizationPage.tsx";
import { OrganizationsPage } from "../pages/organizations/OrganizationsPage.tsx";
import { readMeOrSignIn, root } from "./root.ts";

/** An address within this application to go to after signing in; anything else is dropped. */
const SignInSearch = z.object({
  to: z
    .string()
    .regex(/^\/(?![/\\])/)
    .optional()
    .catch(undefined),
  /** What went wrong at a provider. */
  problem: z.string().optional().catch(undefined),
});
/** Whoever belongs to one organization is led into it, unless they want to see all. */
const OrganizationsSearch = z.object({ all: z.boolean().optional().catch(undefined) });
/** What is searched, and the table whose details are shown. */
const DataModelSearch = z.object({
  q: z.string().optional().catch(undefined),
  table: z.string().optional().catch(undefined),
});
/** What is searched, and the operation that is open. */
const ApiSearch = z.object({
  q: z.string().optional().catch(undefined),
  operation: z.string().optional().catch(undefined),
});
const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: SignInSearch,
  component: SignInPage,
});
const mailbox = createRoute({ getParentRoute: () => root, path: "/mailbox", component: MailboxPage });
const signUp = createRoute({ getParentRoute: () => root, path: "/sign-up", component: SignUpPage });
const verify = createRoute({ getParentRoute: () => root, path: "/verify", component: VerifyPage });
const resetPassword = createRoute({
  getParentRoute: () => root,
  path: "/reset-password",
  component: ResetPasswordPage,
});
const unlock = createRoute({ getParentRoute: () => root, path: "/account/unlock", component: UnlockPage });
const emailChange = createRoute({ getParentRoute: () => root, path: "/account/email", component: EmailChangePage });
const restore = createRoute({ getParentRoute: () => root, path: "/account/restore", component: RestorePage });
const invitation = createRoute({ getParentRoute: () => root, path: "/invitation", component: InvitationPage });
const account = createRoute({
  getParentRoute: () => root,
  path: "/account",
  beforeLoad: ({ context, location }) => readMeOrSignIn(context, location.href),
  component: AccountPage,
});
const newOrganization = createRoute({
  getParentRoute: () => root,
  path: "/new",
  beforeLoad: ({ context, location }) => readMeOrSignIn(context, location.href),
  component: NewOrganizationPage,
});
const dataModel = createRoute({
  getParentRoute: () => root,
  path: "/data-model",
  validateSearch: DataModelSearch,
  beforeLoad: ({ context, location }) => readMeOrSignIn(context, location.href),
  component: DataModelPage,
});
const dataModelStart = createRoute({ getParentRoute: () => dataModel, path: "/", component: ModelStart });
const dataModelDomain = createRoute({ getParentRoute: () => dataModel, path: "/$domain", component: DomainPage });
/** Beside the description that it reads, and for everybody. */
const api = createRoute({
  getParentRoute: () => root,
  path: "/api/docs",
  validateSearch: ApiSearch,
  component: ApiPage,
});
const organizations = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: OrganizationsSearch,
  beforeLoad: async ({ context, location, search }) => {
    const me = await readMeOrSignIn(context, location.href);
    const [only, ...others] = me.organizations;
    if (only && others.length === 0 && !search.all)
      throw redirect({ to: "/$organization", params: { organization: only.slug }, replace: true });
  },
  component: OrganizationsPage,
});

/** The pages outside of every organization. */
export const outsideRoutes = [
  signIn,
  mailbox,
  signUp,
  verify,
  resetPassword,
  account,
  unlock,
  emailChange,
  restore,
  invitation,
  newOrganization,
  dataModel.addChildren([dataModelStart, dataModelDomain]),
  api,
  organizations,
] as const;
