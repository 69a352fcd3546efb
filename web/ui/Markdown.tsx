import { useDeferredValue, useMemo } from "react";
import { htmlOf, type Place } from "../../kernel/markdown/html.ts";
import classes from "./Markdown.module.css";

type Props = { text: string; place: Place };

/** Markdown as its readers see it. While somebody types, it follows when there is time. */
export function Markdown({ text, place }: Props) {
  const shown = useDeferredValue(text);
  const html = useMemo(() => tryHtmlOf(shown, place), [shown, place]);
  if (html === undefined) return <pre className={classes.plain}>{shown}</pre>;
  // biome-ignore lint/security/noDangerouslySetInnerHtml: it was made of a list of elements and attributes that do nothing.
  return <div className={classes.markdown} dir="auto" dangerouslySetInnerHTML={{ __html: html }} />;
}

/** A text that is nested too deep is shown as it was written. */
function tryHtmlOf(text: string, place: Place): string | undefined {
  try {
    return htmlOf(text, place);
  } catch {
    return undefined;
  }
}
