import scriptAddress from "@mermaid-js/tiny/dist/mermaid.tiny.js?url";

export type Scheme = "light" | "dark";

type Mermaid = {
  initialize(settings: object): void;
  render(id: string, text: string): Promise<{ svg: string }>;
};

/** The page's own colors, as Mermaid wants them: no variables of CSS. */
const COLORS = {
  light: { back: "#ffffff", head: "#e7f5ff", row: "#f8f9fa", line: "#868e96", text: "#212529" },
  dark: { back: "#242424", head: "#10355a", row: "#2e2e2e", line: "#828282", text: "#e0e0e0" },
};
/** Closer together than Mermaid has it, so that more can be read at once; units of the picture. */
const SPACING = { nodeSpacing: 40, rankSpacing: 60, entityPadding: 10, minEntityWidth: 60, minEntityHeight: 40 };
/** Names of tables stay on one line. */
const WRAPPING_WIDTH = 600;
const FONT = "-apple-system, BlinkMacSystemFont, Segoe UI, Roboto, Helvetica, Arial, sans-serif";

let loading: Promise<Mermaid> | undefined;
let drawings = 0;

/** Draws a diagram and resolves with its SVG. Rejects when Mermaid cannot be loaded, or not read the text. */
export async function drawDiagram(text: string, scheme: Scheme): Promise<string> {
  const mermaid = await loadMermaid();
  mermaid.initialize(settingsFor(scheme));
  const { svg } = await mermaid.render(`drawing-${++drawings}`, text);
  return svg;
}

/** Mermaid is larger than all pages together, so it is fetched when a diagram is first shown. */
function loadMermaid(): Promise<Mermaid> {
  loading ??= addScript().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

function addScript(): Promise<Mermaid> {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: scriptAddress });
    script.onload = () => resolve((globalThis as unknown as { mermaid: Mermaid }).mermaid);
    script.onerror = () => {
      script.remove();
      reject(new Error("The part that draws diagrams could not be loaded."));
    };
    document.head.append(script);
  });
}

function settingsFor(scheme: Scheme): object {
  const { back, head, row, line, text } = COLORS[scheme];
  return {
    startOnLoad: false,
    suppressErrorRendering: true,
    securityLevel: "strict",
    look: "classic",
    htmlLabels: false,
    er: SPACING,
    flowchart: { wrappingWidth: WRAPPING_WIDTH },
    fontFamily: FONT,
    theme: "base",
    themeVariables: {
      darkMode: scheme === "dark",
      fontFamily: FONT,
      background: back,
      mainBkg: head,
      primaryColor: head,
      primaryTextColor: text,
      primaryBorderColor: line,
      nodeBorder: line,
      lineColor: line,
      textColor: text,
      edgeLabelBackground: back,
      tertiaryColor: back,
      attributeBackgroundColorOdd: back,
      attributeBackgroundColorEven: row,
      rowOdd: back,
      rowEven: row,
    },
  };
}
