import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { organization } from "./organization.ts";

const benchmarks = createRoute({
  getParentRoute: () => organization,
  path: "/benchmarks",
  component: lazyRouteComponent(() => import("../pages/evaluation/BenchmarksPage.tsx"), "BenchmarksPage"),
});
const newBenchmark = createRoute({
  getParentRoute: () => organization,
  path: "/benchmarks/new",
  component: lazyRouteComponent(() => import("../pages/evaluation/NewBenchmarkPage.tsx"), "NewBenchmarkPage"),
});
const benchmark = createRoute({
  getParentRoute: () => organization,
  path: "/benchmarks/$benchmark",
  component: lazyRouteComponent(() => import("../pages/evaluation/BenchmarkPage.tsx"), "BenchmarkPage"),
});

/** The pages of benchmarks. */
export const evaluationRoutes = [benchmarks, newBenchmark, benchmark] as const;
