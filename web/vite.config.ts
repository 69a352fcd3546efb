import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const SERVER = "http://127.0.0.1:3000";
/** What every page needs is one file; the parts beside it are asked for when they are opened. */
const FILE_KB_MAX = 1200;

const ZOD = /node_modules\/zod\/|\/zod-without-eval\.ts$/;

// biome-ignore lint/style/noDefaultExport: Vite reads its settings from the default export.
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL("../dist/web", import.meta.url)),
    emptyOutDir: true,
    // The content security policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The first versions that know light-dark().
    cssTarget: ["chrome123", "edge123", "firefox120", "safari17.5"],
    chunkSizeWarningLimit: FILE_KB_MAX,
    // Zod is set up in the file that it comes in: contracts in the files of pages would else be made before.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "zod", test: ZOD }] } } },
  },
  server: { proxy: { "^/api/(?!docs$|docs\\?)": SERVER } },
});
