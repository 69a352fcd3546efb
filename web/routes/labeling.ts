import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { LabelPage } from "../pages/labeling/LabelPage.tsx";
import { NewProjectPage } from "../pages/labeling/NewProjectPage.tsx";
import { ProjectPage } from "../pages/labeling/ProjectPage.tsx";
import { ProjectsPage } from "../pages/labeling/ProjectsPage.tsx";
import { ReviewPage } from "../pages/labeling/ReviewPage.tsx";
import { organization } from "./organization.ts";

const projects = createRoute({ getParentRoute: () => organization, path: "/labeling", component: ProjectsPage });
const newProject = createRoute({
  getParentRoute: () => organization,
  path: "/labeling/new",
  component: NewProjectPage,
});
const project = createRoute({ getParentRoute: () => organization, path: "/labeling/$project", component: ProjectPage });
const label = createRoute({
  getParentRoute: () => organization,
  path: "/labeling/$project/label",
  component: LabelPage,
});
const review = createRoute({
  getParentRoute: () => organization,
  path: "/labeling/$project/review",
  component: ReviewPage,
});

const results = createRoute({
  getParentRoute: () => organization,
  path: "/results",
  component: lazyRouteComponent(() => import("../pages/customers/ResultsPage.tsx"), "ResultsPage"),
});
const customerProject = createRoute({
  getParentRoute: () => organization,
  path: "/results/$project",
  component: lazyRouteComponent(() => import("../pages/customers/CustomerProjectPage.tsx"), "CustomerProjectPage"),
});

/** The pages of labeling projects, and those on which customers see theirs. */
export const labelingRoutes = [projects, newProject, project, label, review, results, customerProject] as const;
