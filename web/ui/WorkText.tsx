import classes from "./WorkText.module.css";

/** The text that somebody works on, large. A long one scrolls by itself, so that what stands below stays in its place. */
export function WorkText({ text }: { text: string }) {
  return (
    <section className={classes.text} aria-label="Text" aria-live="polite" aria-atomic="true">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by the keyboard. */}
      <p dir="auto" tabIndex={0}>
        {text}
      </p>
    </section>
  );
}
