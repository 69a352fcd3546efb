import { importsOf } from "./imports.ts";
import { codeOf, isTestCode, type Rule, type SourceFile } from "./source.ts";

const MODULE_IMPORT = /^import\s*\{\s*(\w+)\s*\}\s*from\s*"\.\/modules\/([\w-]+)\/module\.ts"/gm;
const MODULE_LIST = /\bmodules\b[^=]*=\s*\[([^\]]*)\]/;
const BROWSER_SAFE_PACKAGES = ["zod"];
/** Contracts of the kernel's own endpoints. */
const KERNEL_CONTRACT = /^kernel\/[\w-]+\/contract\.ts$/;
const ENDPOINT = "kernel/http/endpoint.ts";
/** What contracts are made of. */
const PARTS = [ENDPOINT, "kernel/http/paging.ts"];
/** What pages show of Markdown as the server does: it and its packages run in browsers too. */
const MARKDOWN = "kernel/markdown/html.ts";
/** Nothing but types, of which nothing is left when the code runs. */
const TYPES = "kernel/database/types.gen.ts";

/** Which part of the house may import which: the kernel knows no module, and a module only those above it in `app.ts`. */
export const layers: Rule = {
  name: "files import only what their place in the house allows",
  find: (files) => {
    const order = moduleOrder(files);
    return [...unlistedModules(files, order), ...codeOf(files).flatMap((file) => faultsOf(file, order))];
  },
};

/** The names of the modules' folders, in the order in which `app.ts` lists them. */
export function moduleOrder(files: SourceFile[]): string[] {
  const text = files.find(({ path }) => path === "app.ts")?.text ?? "";
  const folders = new Map([...text.matchAll(MODULE_IMPORT)].map(([, name = "", folder = ""]) => [name, folder]));
  const names = text.match(MODULE_LIST)?.[1]?.split(",") ?? [];
  return names.flatMap((name) => folders.get(name.trim()) ?? []);
}

function unlistedModules(files: SourceFile[], order: string[]): string[] {
  const folders = new Set(files.flatMap(({ path }) => moduleOf(path) ?? []));
  return [...folders]
    .filter((name) => !order.includes(name))
    .map((name) => `modules/${name} is not in the list of app.ts`);
}

function faultsOf(file: SourceFile, order: string[]): string[] {
  if (isTestCode(file.path)) return [];
  return importsOf(file).flatMap(({ specifier, path }) => {
    const fault = path === undefined ? packageFault(file.path, specifier) : fileFault(file.path, path, order);
    return fault ? [`${file.path} imports ${path ?? specifier}: ${fault}`] : [];
  });
}

function packageFault(from: string, specifier: string): string | undefined {
  if (!isForBrowsersToo(from) || BROWSER_SAFE_PACKAGES.includes(specifier)) return undefined;
  return "it must run in a browser, so it imports no package but zod";
}

function fileFault(from: string, to: string, order: string[]): string | undefined {
  if (isTestCode(to)) return "only tests import tests";
  if (to.startsWith("cli/") && !from.startsWith("cli/")) return "nothing imports the command line";
  if (isForBrowsersToo(from)) return contractFault(from, to, order);
  if (to === "package.json") return undefined;
  const [room = ""] = from.split("/");
  return (FAULT_BY_ROOM[room] ?? (() => "no rule says what this folder may import"))(from, to, order);
}

const FAULT_BY_ROOM: Record<string, (from: string, to: string, order: string[]) => string | undefined> = {
  bin: (_, to) => unless(to.startsWith("bin/"), "it runs before anything is installed"),
  kernel: (_, to) => unless(to.startsWith("kernel/"), "the kernel knows only the kernel"),
  modules: moduleFault,
  "app.ts": (_, to) => unless(isKernel(to) || isDoor(to, "module.ts"), "it takes modules by their module.ts"),
  cli: (_, to) =>
    unless(
      isKernel(to) ||
        to.startsWith("cli/") ||
        to.startsWith("demo/") ||
        to.startsWith("client/") ||
        isContract(to) ||
        to === "app.ts" ||
        isDoor(to, "module.ts") ||
        isDoor(to, "public.ts"),
      "the command line takes modules by their public.ts or module.ts, and other installations by the client",
    ),
  // The demo does what people do, so it calls their verbs; nothing but the command line knows it.
  demo: (_, to) =>
    unless(isKernel(to) || to.startsWith("demo/") || to.startsWith("modules/"), "the demo calls the modules' verbs"),
  web: (_, to) =>
    unless(
      to.startsWith("web/") ||
        to.startsWith("client/") ||
        isContract(to) ||
        KERNEL_CONTRACT.test(to) ||
        PARTS.includes(to) ||
        to === MARKDOWN ||
        to === TYPES,
      "pages know of the server only the contracts",
    ),
};

function moduleFault(from: string, to: string, order: string[]): string | undefined {
  if (isKernel(to) || moduleOf(to) === moduleOf(from)) return undefined;
  if (!isDoor(to, "public.ts")) return "of another module there is only its public.ts";
  return orderFault(from, to, order);
}

/** Contracts go to browsers, and so does all that they import. */
function contractFault(from: string, to: string, order: string[]): string | undefined {
  if (from.startsWith("client/") && to.startsWith("client/")) return undefined;
  if (PARTS.includes(to) || (from === ENDPOINT && to === TYPES)) return undefined;
  if (PARTS.includes(from) || from.startsWith("client/") || !isContract(to)) {
    return `it must run in a browser, so it imports only zod, other contracts and ${PARTS.join(" and ")}`;
  }
  return orderFault(from, to, order);
}

function orderFault(from: string, to: string, order: string[]): string | undefined {
  const [own, other] = [moduleOf(from), moduleOf(to)].map((name) => order.indexOf(name ?? ""));
  const isAbove = own === other || (own !== undefined && other !== undefined && other >= 0 && other < own);
  return unless(isAbove, "that module does not stand above this one in app.ts");
}

function unless(isFine: boolean, fault: string): string | undefined {
  return isFine ? undefined : fault;
}

function isKernel(path: string): boolean {
  return path.startsWith("kernel/");
}

function isDoor(path: string, file: string): boolean {
  return moduleOf(path) !== undefined && path.split("/").length === 3 && path.endsWith(`/${file}`);
}

/** A module's contract, or one of several where it is long: `contract.ts`, `keys-contract.ts`. */
function isContract(path: string): boolean {
  return moduleOf(path) !== undefined && path.split("/").length === 3 && /[/-]contract\.ts$/.test(path);
}

function isForBrowsersToo(path: string): boolean {
  return PARTS.includes(path) || KERNEL_CONTRACT.test(path) || isContract(path) || path.startsWith("client/");
}

function moduleOf(path: string): string | undefined {
  const [room, name, file] = path.split("/");
  return room === "modules" && file !== undefined ? name : undefined;
}
