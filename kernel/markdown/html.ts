import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import rehypeStringify from "rehype-stringify";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";

type Root = Parameters<ReturnType<typeof rehypeSanitize>>[0];
type Element = Extract<Root["children"][number], { type: "element" }>;

/** Where HTML goes: a page of its own, whose title stands above it, or a message among others, which loads nothing from elsewhere. */
export type Place = "page" | "message";

/**
 * Markdown (as GitHub has it) as HTML. HTML in the text is dropped, and what is left are elements, attributes and addresses of a list:
 * nobody who wrote the text is trusted. Runs on the server and in browsers, so that a preview shows what readers see.
 */
export function htmlOf(markdown: string, place: Place): string {
  return String(RENDERERS[place].processSync(markdown));
}

const RENDERERS = {
  page: unified()
    .use(remarkParse)
    .use(remarkGfm)
    .use(remarkRehype)
    .use(rehypeSanitize)
    .use(() => lowerHeadings)
    .use(rehypeStringify),
  message: unified()
    .use(remarkParse)
    .use(remarkGfm)
    .use(remarkRehype)
    // A picture's address would tell whoever owns it what stands in the address.
    .use(rehypeSanitize, { ...defaultSchema, tagNames: defaultSchema.tagNames?.filter((name) => name !== "img") ?? [] })
    .use(() => openElsewhere)
    .use(rehypeStringify),
};

/** A page has one heading of the first order: its title. */
function lowerHeadings(tree: Root): void {
  const headings = elementsOf(tree).filter(({ tagName }) => /^h[1-6]$/.test(tagName));
  if (!headings.some(({ tagName }) => tagName === "h1")) return;
  for (const heading of headings) heading.tagName = `h${Math.min(Number(heading.tagName[1]) + 1, 6)}`;
}

function openElsewhere(tree: Root): void {
  for (const { tagName, properties } of elementsOf(tree))
    if (tagName === "a") Object.assign(properties, { target: "_blank", rel: "noopener noreferrer nofollow" });
}

function elementsOf(tree: Root): Element[] {
  const found: Element[] = [];
  const rest: (Root | Element)[] = [tree];
  for (let node = rest.pop(); node; node = rest.pop()) {
    const children = node.children.flatMap((child) => (child.type === "element" ? [child] : []));
    found.push(...children);
    rest.push(...children);
  }
  return found;
}
