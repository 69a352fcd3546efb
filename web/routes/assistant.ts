import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { organization } from "./organization.ts";

const conversations = createRoute({
  getParentRoute: () => organization,
  path: "/assistant",
  component: lazyRouteComponent(() => import("../pages/assistant/ConversationsPage.tsx"), "ConversationsPage"),
});
const settings = createRoute({
  getParentRoute: () => organization,
  path: "/assistant/settings",
  component: lazyRouteComponent(() => import("../pages/assistant/SettingsPage.tsx"), "SettingsPage"),
});
const conversation = createRoute({
  getParentRoute: () => organization,
  path: "/assistant/$conversation",
  component: lazyRouteComponent(() => import("../pages/assistant/ConversationPage.tsx"), "ConversationPage"),
});

/** The pages of the assistant. */
export const assistantRoutes = [conversations, settings, conversation] as const;
