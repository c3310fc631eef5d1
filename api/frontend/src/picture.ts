/** Draws an answer's nodes and lines as SVG that can be moved and enlarged; each node leads to its page. */

import { select } from "d3-selection";
import { zoom, zoomIdentity, type ZoomBehavior } from "d3-zoom";
import { type Box, type LineSaid, type NodeSaid, type Picture, type Place, places, withRoom } from "./layout";

const SVG = "http://www.w3.org/2000/svg";
const COLOURS = 8;
const LETTERS = 34;
const LETTER = 6.6;
const HEIGHT = 15;
const RADIUS = 6;
const GAP = RADIUS + 3;

/** Draws what the results hold, if they hold a picture. */
export function drawIn(results: HTMLElement): void {
  const frame = results.querySelector<HTMLDetailsElement>("details.network");
  const data = frame?.querySelector('script[type="application/json"]')?.textContent;
  const host = frame?.querySelector<HTMLElement>(".drawn");
  if (!frame || !data || !host) return;
  frame.hidden = false;
  const picture = JSON.parse(data) as Picture;
  const kinds = [...new Set(picture.nodes.map((node) => node.kind))].sort();
  frame.querySelector(".legend")?.replaceChildren(...legend(kinds));
  draw(frame, host, picture, kinds);
}

function element<K extends keyof SVGElementTagNameMap>(name: K, attributes: Record<string, string | number>, text?: string): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text !== undefined) made.textContent = text;
  return made;
}

function hue(kinds: string[], kind: string): string {
  return `hue-${kinds.indexOf(kind) % COLOURS}`;
}

function legend(kinds: string[]): HTMLElement[] {
  return kinds.filter(Boolean).map((kind) => {
    const entry = document.createElement("span");
    entry.className = hue(kinds, kind);
    entry.textContent = kind;
    return entry;
  });
}

function short(name: string): string {
  const letters = [...name];
  return letters.length > LETTERS ? `${letters.slice(0, LETTERS - 1).join("")}…` : name;
}

function draw(frame: HTMLElement, host: HTMLElement, picture: Picture, kinds: string[]): void {
  const label = frame.querySelector("summary")?.textContent ?? "";
  const svg = element("svg", { class: "chart force", role: "group", "aria-label": label });
  const drawing = element("g", {});
  const ties = picture.lines.map(tie);
  const mark = host.dataset["mark"] ?? "";
  const nodes = picture.nodes.map((said, at) => node(said, hue(kinds, said.kind), mark, at === 0));
  drawing.append(...ties, ...nodes);
  svg.append(arrow(), drawing);
  host.replaceChildren(svg);
  walkByArrows(nodes);
  moveable(frame, svg, drawing, new Drawn(picture, nodes, ties));
}

function node(said: NodeSaid, colour: string, mark: string, isFirst: boolean): SVGElement {
  const link = element("a", { class: `node ${colour}`, tabindex: isFirst ? 0 : -1 });
  if (said.href) link.setAttribute("href", said.href);
  const called = [said.name, said.kind, said.illustrative ? mark : ""].filter(Boolean).join(" · ");
  link.append(element("title", {}, called), element("circle", { r: RADIUS, class: said.illustrative ? "illustrative" : "" }));
  link.append(element("text", { y: 4 }, short(said.name) + (said.illustrative ? ` (${mark})` : "")));
  return link;
}

function tie(said: LineSaid): SVGElement {
  const group = element("g", { class: "tie" });
  group.append(element("title", {}, said.name), element("line", { "marker-end": "url(#workbench-arrow)" }));
  group.append(element("text", { class: "relation", "text-anchor": "middle" }, said.name));
  return group;
}

/** What is drawn, which is put in place anew when it is enlarged: letters and nodes keep their size. */
class Drawn {
  readonly places: Place[];
  private readonly order: number[];

  constructor(
    private readonly picture: Picture,
    private readonly nodes: SVGElement[],
    private readonly ties: SVGElement[],
  ) {
    this.places = places(picture);
    // names of nodes with many lines have the first right to be written
    this.order = this.places.map(({ at }) => at).sort((one, other) => this.places[other]!.lines - this.places[one]!.lines || one - other);
  }

  put(scale: number): void {
    const spots = this.places.map(({ x, y }) => ({ x: x * scale, y: y * scale }));
    this.nodes.forEach((link, at) => link.setAttribute("transform", `translate(${spots[at]!.x} ${spots[at]!.y})`));
    const middles = this.ties.map((group, at) => span(group, spots[this.picture.lines[at]!.source]!, spots[this.picture.lines[at]!.target]!));
    const names = this.order.map((at) => beside(spots[at]!, width(this.nodes[at]!)));
    const relations = middles.map(({ x, y }, at) => [box(x - width(this.ties[at]!) / 2, y, width(this.ties[at]!))]);
    const circles = spots.map(({ x, y }) => ({ left: x - RADIUS, right: x + RADIUS, top: y - RADIUS, bottom: y + RADIUS }));
    const room = withRoom([...names, ...relations], circles);
    this.order.forEach((at, rank) => write(this.nodes[at]!, room[rank]!));
    this.ties.forEach((group, at) => group.classList.toggle("unnamed", room[names.length + at]! < 0));
  }
}

/** The places of a node's name: on its right, else on its left. */
function beside({ x, y }: Spot, wide: number): Box[] {
  return [box(x + GAP, y, wide), box(x - GAP - wide, y, wide)];
}

function write(node: SVGElement, place: number): void {
  node.classList.toggle("unnamed", place < 0);
  const text = node.querySelector("text");
  text?.setAttribute("x", String(place === 1 ? -GAP : GAP));
  text?.setAttribute("text-anchor", place === 1 ? "end" : "start");
}

function width(drawn: SVGElement): number {
  return (drawn.querySelector("text")?.textContent?.length ?? 0) * LETTER;
}

function box(left: number, middle: number, wide: number): Box {
  return { left, right: left + wide, top: middle - HEIGHT / 2, bottom: middle + HEIGHT / 2 };
}

function arrow(): SVGElement {
  const marker = element("marker", { id: "workbench-arrow", viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" });
  marker.append(element("path", { class: "head", d: "M0 0L8 4L0 8z" }));
  const definitions = element("defs", {});
  definitions.append(marker);
  return definitions;
}

interface Spot {
  x: number;
  y: number;
}

/** Puts a line between the rims of two nodes, and its name in the middle, which it returns. */
function span(group: SVGElement, from: Spot, to: Spot): Spot {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const rim = Math.min(RADIUS + 2, length / 2) / length;
  const [dx, dy] = [(to.x - from.x) * rim, (to.y - from.y) * rim];
  const line = group.querySelector("line");
  for (const [name, value] of Object.entries({ x1: from.x + dx, y1: from.y + dy, x2: to.x - dx, y2: to.y - dy })) {
    line?.setAttribute(name, String(value));
  }
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  const text = group.querySelector("text");
  text?.setAttribute("x", String(middle.x));
  text?.setAttribute("y", String(middle.y + 4));
  return middle;
}

/** One node is in the order of Tab; the arrow keys lead to the others. */
function walkByArrows(links: SVGElement[]): void {
  links.forEach((link, at) =>
    link.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[(event as KeyboardEvent).key];
      const next = step === undefined ? undefined : links.at((at + step) % links.length);
      if (!next) return;
      event.preventDefault();
      link.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    }),
  );
}

/** Moves by dragging; enlarges by the buttons, two fingers, or the wheel with Ctrl, so that the page still scrolls. */
function moveable(frame: HTMLElement, svg: SVGSVGElement, drawing: SVGElement, drawn: Drawn): void {
  const selection = select<SVGSVGElement, unknown>(svg);
  let scaled = 0;
  const behaviour: ZoomBehavior<SVGSVGElement, unknown> = zoom<SVGSVGElement, unknown>()
    .scaleExtent([0.1, 8])
    .filter((event: MouseEvent) => !event.button && (event.type !== "wheel" || event.ctrlKey))
    .on("zoom", ({ transform }: { transform: { x: number; y: number; k: number } }) => {
      drawing.setAttribute("transform", `translate(${transform.x} ${transform.y})`);
      if (transform.k !== scaled) drawn.put((scaled = transform.k));
    });
  const whole = (): void => {
    const { width, height } = svg.getBoundingClientRect();
    const xs = drawn.places.map(({ x }) => x);
    const ys = drawn.places.map(({ y }) => y);
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const scale = Math.min(1.5, (width - 220) / (right - left || 1), (height - 40) / (bottom - top || 1));
    const x = width / 2 - 50 - (scale * (left + right)) / 2;
    selection.call(behaviour.transform, zoomIdentity.translate(x, height / 2 - (scale * (top + bottom)) / 2).scale(scale));
  };
  selection.call(behaviour).on("dblclick.zoom", null);
  whole();
  for (const button of frame.querySelectorAll<HTMLButtonElement>("[data-zoom]")) {
    const factor = Number(button.dataset["zoom"]);
    button.addEventListener("click", () => (Number.isNaN(factor) ? whole() : selection.call(behaviour.scaleBy, factor)));
  }
}
