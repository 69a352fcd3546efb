import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { z } from "zod";
import { organization } from "./organization.ts";

/** Whom the new project is for. */
const NewSearch = z.object({ customer: z.uuid().optional().catch(undefined) });
/** The card whose details are shown. */
const BoardSearch = z.object({ card: z.uuid().optional().catch(undefined) });

const projects = createRoute({
  getParentRoute: () => organization,
  path: "/projects",
  component: lazyRouteComponent(() => import("../pages/projects/ProjectsPage.tsx"), "ProjectsPage"),
});
const newProject = createRoute({
  getParentRoute: () => organization,
  path: "/projects/new",
  validateSearch: NewSearch,
  component: lazyRouteComponent(() => import("../pages/projects/NewProjectPage.tsx"), "NewProjectPage"),
});
const project = createRoute({
  getParentRoute: () => organization,
  path: "/projects/$project",
  validateSearch: BoardSearch,
  component: lazyRouteComponent(() => import("../pages/projects/BoardPage.tsx"), "BoardPage"),
});

/** The pages of client projects. */
export const projectRoutes = [projects, newProject, project] as const;
