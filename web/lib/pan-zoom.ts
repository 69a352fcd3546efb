/** A place, in pixels of the frame or in units of the picture. */
export type Point = { x: number; y: number };
export type Size = { width: number; height: number };
export type Box = Point & Size;

/** What of a picture is seen: `x` and `y` are what stands in the frame's upper left corner, `scale` pixels for each unit. */
export type View = Point & { scale: number };

/** Pixels that stay free around a picture that fits. */
const MARGIN_PX = 16;
const SCALE_MAX = 4;
/** How much smaller than the whole one can make it. */
const BELOW_FIT = 0.5;

/** Shows the whole picture in the middle, at most in its own size. */
export function fitView(picture: Box, frame: Size): View {
  const scale = Math.min(1, room(frame.width) / picture.width, room(frame.height) / picture.height);
  const middle = { x: picture.x + picture.width / 2, y: picture.y + picture.height / 2 };
  return centerView(middle, scale, frame);
}

function room(pixels: number): number {
  return Math.max(1, pixels - 2 * MARGIN_PX);
}

/** Shows a place of the picture in the middle of the frame. */
export function centerView(place: Point, scale: number, frame: Size): View {
  return { x: place.x - frame.width / 2 / scale, y: place.y - frame.height / 2 / scale, scale };
}

/** Moves the picture by so many pixels, as a hand on it would. */
export function panView(view: View, dx: number, dy: number): View {
  return { ...view, x: view.x - dx / view.scale, y: view.y - dy / view.scale };
}

/** Makes the picture larger by a factor; what is at a place of the frame stays there. */
export function zoomView(view: View, factor: number, at: Point): View {
  const scale = view.scale * factor;
  return { x: view.x + at.x / view.scale - at.x / scale, y: view.y + at.y / view.scale - at.y / scale, scale };
}

/** Follows two fingers: what was under each of them stays under it, but for turning. */
export function pinchView(view: View, before: [Point, Point], now: [Point, Point]): View {
  const [from, to] = [middleOf(before), middleOf(now)];
  const apart = distanceOf(before);
  const factor = apart === 0 ? 1 : distanceOf(now) / apart;
  return panView(zoomView(view, factor, from), to.x - from.x, to.y - from.y);
}

function middleOf([a, b]: [Point, Point]): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

function distanceOf([a, b]: [Point, Point]): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** The nearest view that is neither too large nor too small, with the picture in the middle of the frame: it cannot be lost. */
export function boundView(view: View, picture: Box, frame: Size): View {
  const least = fitView(picture, frame).scale * BELOW_FIT;
  const scale = clamp(view.scale, least, SCALE_MAX);
  const middle = { x: frame.width / 2, y: frame.height / 2 };
  const sized = zoomView(view, scale / view.scale, middle);
  const seen = { x: sized.x + middle.x / scale, y: sized.y + middle.y / scale };
  const kept = {
    x: clamp(seen.x, picture.x, picture.x + picture.width),
    y: clamp(seen.y, picture.y, picture.y + picture.height),
  };
  return { x: sized.x + kept.x - seen.x, y: sized.y + kept.y - seen.y, scale };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

/** Which part of the picture a view shows, as an SVG's `viewBox` says it. */
export function viewBoxOf({ x, y, scale }: View, { width, height }: Size): string {
  return [x, y, width / scale, height / scale].join(" ");
}
