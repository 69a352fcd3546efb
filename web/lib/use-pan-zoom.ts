import { useMergedRef, useResizeObserver } from "@mantine/hooks";
import { type PointerEvent, useCallback, useRef, useState } from "react";
import {
  type Box,
  boundView,
  centerView,
  fitView,
  type Point,
  panView,
  pinchView,
  type View,
  zoomView,
} from "./pan-zoom.ts";

const STEP = 1.25;
const ARROW_PX = 60;
/** From so many pixels on, a press is a drag and no click. */
const DRAG_PX = 4;
/** How much one notch of a wheel, or a bit of a pinch on a touchpad, zooms. */
const WHEEL_SPEED = 0.002;
const WHEEL_DELTA_MAX = 250;

/** Lets people move and zoom a picture in a frame: by mouse, touch, pen, wheel and keys. `picture` is undefined until there is one. */
export function usePanZoom(picture: Box | undefined) {
  const [measured, size] = useResizeObserver<HTMLDivElement>();
  const isMeasured = size.width > 0 && size.height > 0;
  const [wanted, setWanted] = useState<View>();
  // Until somebody moves it, the picture fits, however large the frame becomes.
  const seen = (whole: Box, moved: View | undefined) => (moved ? boundView(moved, whole, size) : fitView(whole, size));
  const view = picture && isMeasured ? seen(picture, wanted) : undefined;
  // Several events may come before the next drawing: each goes on from what the last one made.
  const change = (make: (view: View) => View) => {
    if (picture && isMeasured) setWanted((moved) => make(seen(picture, moved)));
  };
  const middle = { x: size.width / 2, y: size.height / 2 };
  const zoom = (factor: number, at: Point = middle) => change((now) => zoomView(now, factor, at));
  const pan = (dx: number, dy: number) => change((now) => panView(now, dx, dy));
  const fit = () => setWanted(undefined);
  const pointers = usePointers(change);

  const onWheel = useRef<(event: WheelEvent) => void>(undefined);
  onWheel.current = (event) => {
    // The wheel alone scrolls the page. With Ctrl, as which a pinch on a touchpad arrives too, it zooms.
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const delta = Math.max(-WHEEL_DELTA_MAX, Math.min(WHEEL_DELTA_MAX, event.deltaY));
    zoom(Math.exp(-delta * WHEEL_SPEED), placeIn(event));
  };
  const wheeled = useCallback((element: HTMLDivElement | null) => {
    const listen = (event: WheelEvent) => onWheel.current?.(event);
    // React's own listener could not keep the page from being zoomed.
    element?.addEventListener("wheel", listen, { passive: false });
    return () => element?.removeEventListener("wheel", listen);
  }, []);
  const frame = useMergedRef(measured, wheeled);

  const keys: Record<string, () => void> = {
    "+": () => zoom(STEP),
    "=": () => zoom(STEP),
    "-": () => zoom(1 / STEP),
    "0": fit,
    ArrowLeft: () => pan(ARROW_PX, 0),
    ArrowRight: () => pan(-ARROW_PX, 0),
    ArrowUp: () => pan(0, ARROW_PX),
    ArrowDown: () => pan(0, -ARROW_PX),
  };
  return {
    frame,
    size,
    view,
    zoomIn: () => zoom(STEP),
    zoomOut: () => zoom(1 / STEP),
    fit,
    /** Shows a place of the picture in the middle, at least so large. */
    center: (place: Point, scaleMin: number) =>
      change(({ scale }) => centerView(place, Math.max(scale, scaleMin), size)),
    /** What a key does to the picture; undefined when it is none of ours. */
    actionOf: (key: string) => keys[key],
    /** Whether the pointer that was just lifted had moved the picture. */
    wasDragged: pointers.wasDragged,
    handlers: pointers.handlers,
  };
}

/** Follows one pointer that drags, or two that pinch. */
function usePointers(change: (make: (view: View) => View) => void) {
  const down = useRef(new Map<number, Point>());
  const moved = useRef(0);
  const forget = ({ pointerId }: PointerEvent) => {
    down.current.delete(pointerId);
  };
  const handlers = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      if (down.current.size === 0) moved.current = 0;
      down.current.set(event.pointerId, placeIn(event));
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const before = down.current.get(event.pointerId);
      if (!before) return;
      const now = placeIn(event);
      moved.current += Math.hypot(now.x - before.x, now.y - before.y);
      if (moved.current < DRAG_PX) return;
      // From here on the drag goes on outside of the frame; earlier, the click would miss what it is on.
      event.currentTarget.setPointerCapture(event.pointerId);
      const other = [...down.current].find(([id]) => id !== event.pointerId)?.[1];
      down.current.set(event.pointerId, now);
      if (other) change((view) => pinchView(view, [before, other], [now, other]));
      else change((view) => panView(view, now.x - before.x, now.y - before.y));
    },
    onPointerUp: forget,
    onPointerCancel: forget,
    onPointerLeave: (event: PointerEvent<HTMLElement>) => {
      if (!event.currentTarget.hasPointerCapture(event.pointerId)) forget(event);
    },
  };
  return { handlers, wasDragged: () => moved.current >= DRAG_PX };
}

function placeIn(event: { clientX: number; clientY: number; currentTarget: EventTarget | null }): Point {
  const { left, top } = (event.currentTarget as Element).getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}
