import "./lib/zod-without-eval.ts";
import "@mantine/core/styles.css";
import "./ui/global.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { makeQueryClient } from "./lib/query-client.ts";
import { cssVariablesResolver, theme } from "./lib/theme.ts";
import { makeRouter } from "./router.tsx";

const queryClient = makeQueryClient(goToSignIn);
const router = makeRouter(queryClient);

async function goToSignIn(): Promise<void> {
  const { pathname, href } = router.state.location;
  if (pathname === "/sign-in") return;
  await router.navigate({ to: "/sign-in", search: { to: href } });
  queryClient.clear();
}

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element #root.");

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
