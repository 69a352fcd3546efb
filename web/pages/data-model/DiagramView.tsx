import { Button, Group } from "@mantine/core";
import { type KeyboardEvent, type MouseEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { type Box, viewBoxOf } from "../../lib/pan-zoom.ts";
import { usePanZoom } from "../../lib/use-pan-zoom.ts";
import { Keys } from "../../ui/Keys.tsx";
import classes from "./Diagram.module.css";

type Props = { svg: string; label: string; chosen: string | undefined; onChoose: (table: string) => void };

/** From this size on the words of a table can be read. */
const READABLE_SCALE = 0.7;
const ENTITY = /entity-(.+)-\d+$/;

/** A drawn diagram that can be moved and zoomed, and whose tables can be chosen. */
export function DiagramView({ svg, label, chosen, onChoose }: Props) {
  const canvas = useRef<HTMLDivElement>(null);
  const [drawing, setDrawing] = useState<{ root: SVGSVGElement; box: Box }>();
  const { frame, size, view, actionOf, handlers, wasDragged, ...zoom } = usePanZoom(drawing?.box);

  useLayoutEffect(() => {
    const root = readSvg(svg);
    canvas.current?.replaceChildren(root);
    const { x, y, width, height } = root.viewBox.baseVal;
    setDrawing({ root, box: { x, y, width, height } });
  }, [svg]);
  useLayoutEffect(() => {
    if (view) drawing?.root.setAttribute("viewBox", viewBoxOf(view, size));
  }, [drawing, view, size]);

  const isPlaced = view !== undefined;
  const chosenHere = useRef<string>(undefined);
  const center = useRef(zoom.center);
  center.current = zoom.center;
  useEffect(() => {
    if (!drawing || !isPlaced) return;
    for (const node of entitiesOf(drawing.root)) {
      const isChosen = nameOf(node) === chosen;
      node.setAttribute("aria-pressed", String(isChosen));
      // Whoever chose it in the diagram sees it already.
      if (isChosen && chosenHere.current !== chosen) center.current(middleOf(node), READABLE_SCALE);
    }
    chosenHere.current = chosen;
  }, [drawing, isPlaced, chosen]);

  const choose = (target: EventTarget) => {
    const node = target instanceof Element ? target.closest("[role=button]") : null;
    if (!node) return;
    chosenHere.current = nameOf(node);
    onChoose(nameOf(node));
  };
  const onClick = ({ target }: MouseEvent) => {
    if (!wasDragged()) choose(target);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = event.key === "Enter" || event.key === " " ? () => choose(event.target) : actionOf(event.key);
    if (!action) return;
    event.preventDefault();
    action();
  };
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is a part of a form. */}
      <div
        ref={frame}
        role="group"
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys move and zoom what is in it.
        tabIndex={0}
        className={classes.frame}
        onClick={onClick}
        onKeyDown={onKeyDown}
        {...handlers}
      >
        <div ref={canvas} className={classes.canvas} />
      </div>
      <Group gap="xs">
        <Button.Group aria-label="Zoom">
          <Button variant="default" size="xs" aria-label="Zoom out" onClick={zoom.zoomOut}>
            −
          </Button>
          <Button variant="default" size="xs" aria-label="Zoom in" onClick={zoom.zoomIn}>
            +
          </Button>
          <Button variant="default" size="xs" onClick={zoom.fit}>
            Fit
          </Button>
        </Button.Group>
        <output className={classes.scale} aria-label="Zoom level">
          {view ? `${Math.round(view.scale * 100)}%` : ""}
        </output>
        <Keys keys={KEYS} />
      </Group>
    </>
  );
}

const KEYS: [string, string][] = [
  ["← ↑ → ↓", "move"],
  ["+ −", "zoom"],
  ["0", "fits"],
  ["Ctrl + wheel", "zooms"],
];

/** Mermaid's text as an element, whose tables are buttons. Beside them the list offers the same, so they are no stops of the tab key. */
function readSvg(text: string): SVGSVGElement {
  const root = new DOMParser().parseFromString(text, "text/html").querySelector("svg");
  if (!root) throw new Error("Mermaid drew nothing.");
  root.setAttribute("role", "presentation");
  root.removeAttribute("aria-roledescription");
  root.removeAttribute("style");
  root.setAttribute("height", "100%");
  for (const node of entitiesOf(root)) {
    const name = nameOf(node);
    node.setAttribute("role", "button");
    node.setAttribute("tabindex", "-1");
    node.setAttribute("aria-label", `Table ${name}`);
    if (name.includes(".")) node.setAttribute("data-foreign", "");
  }
  return root;
}

function entitiesOf(root: SVGSVGElement): Element[] {
  return [...root.querySelectorAll("g.node")].filter((node) => ENTITY.test(node.id));
}

function nameOf({ id }: Element): string {
  return ENTITY.exec(id)?.[1] ?? "";
}

/** Where a table stands in the picture: Mermaid moves each there from the corner. */
function middleOf(node: Element) {
  const { e: x, f: y } = (node as SVGGElement).transform.baseVal.consolidate()?.matrix ?? { e: 0, f: 0 };
  return { x, y };
}
