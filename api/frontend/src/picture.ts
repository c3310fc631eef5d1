/** Draws an answer's nodes and lines as SVG that can be moved and enlarged; each node leads to its page. */

import { select } from "d3-selection";
import { zoom, zoomIdentity, type ZoomBehavior } from "d3-zoom";
import { named, type Picture, type Place, places } from "./layout";

const SVG = "http://www.w3.org/2000/svg";
const COLOURS = 8;
const LETTERS = 34;
const LETTER = 6.6;
const HEIGHT = 15;
/** Lines up to which each is written upon. */
const WRITTEN = 60;

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
  const placed = places(picture);
  const label = frame.querySelector("summary")?.textContent ?? "";
  const svg = element("svg", { class: "chart force", role: "group", "aria-label": label });
  const drawing = element("g", {});
  const lines = element("g", {});
  const nodes = element("g", {});
  drawing.append(lines, nodes);
  svg.append(arrow(), drawing);
  host.replaceChildren(svg);
  const mark = host.dataset["mark"] ?? "";
  const links = picture.nodes.map((said, at) => {
    const link = element("a", { class: `node ${hue(kinds, said.kind)}`, tabindex: at === 0 ? 0 : -1 });
    if (said.href) link.setAttribute("href", said.href);
    const called = [said.name, said.kind, said.illustrative ? mark : ""].filter(Boolean).join(" · ");
    link.append(element("title", {}, called), element("circle", { r: 6, class: said.illustrative ? "illustrative" : "" }));
    link.append(element("text", { x: 9, y: 4 }, short(said.name) + (said.illustrative ? ` (${mark})` : "")));
    nodes.append(link);
    return link;
  });
  const drawnLines = picture.lines.map((said) => {
    const group = element("g", { class: "tie" });
    group.append(element("title", {}, said.name), element("line", { "marker-end": "url(#workbench-arrow)" }));
    if (picture.lines.length <= WRITTEN) group.append(element("text", { class: "relation", "text-anchor": "middle" }, said.name));
    lines.append(group);
    return group;
  });
  walkByArrows(links);
  const place = (scale: number): void => {
    const shown = named(placed, (at) => links[at]!.textContent!.length * LETTER, HEIGHT, scale);
    links.forEach((link, at) => {
      const { x, y } = placed[at]!;
      link.setAttribute("transform", `translate(${x * scale} ${y * scale})`);
      link.classList.toggle("unnamed", !shown.has(at));
    });
    drawnLines.forEach((group, at) => span(group, placed[picture.lines[at]!.source]!, placed[picture.lines[at]!.target]!, scale));
  };
  moveable(frame, svg, drawing, placed, place);
}

function arrow(): SVGElement {
  const marker = element("marker", { id: "workbench-arrow", viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" });
  marker.append(element("path", { class: "head", d: "M0 0L8 4L0 8z" }));
  const definitions = element("defs", {});
  definitions.append(marker);
  return definitions;
}

/** Puts a line between the rims of two nodes, and its name in the middle. */
function span(group: SVGElement, from: Place, to: Place, scale: number): void {
  const [x1, y1, x2, y2] = [from.x * scale, from.y * scale, to.x * scale, to.y * scale];
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const rim = Math.min(8, length / 2) / length;
  const line = group.querySelector("line")!;
  line.setAttribute("x1", String(x1 + (x2 - x1) * rim));
  line.setAttribute("y1", String(y1 + (y2 - y1) * rim));
  line.setAttribute("x2", String(x2 - (x2 - x1) * rim));
  line.setAttribute("y2", String(y2 - (y2 - y1) * rim));
  const text = group.querySelector("text");
  text?.setAttribute("x", String((x1 + x2) / 2));
  text?.setAttribute("y", String((y1 + y2) / 2 - 3));
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

/** Moves by dragging; enlarges by the buttons, two fingers, or the wheel with Ctrl, so that the page still scrolls. Letters keep their size. */
function moveable(frame: HTMLElement, svg: SVGSVGElement, drawing: SVGElement, placed: Place[], place: (scale: number) => void): void {
  const selection = select<SVGSVGElement, unknown>(svg);
  let drawn = 0;
  const behaviour: ZoomBehavior<SVGSVGElement, unknown> = zoom<SVGSVGElement, unknown>()
    .scaleExtent([0.1, 8])
    .filter((event: MouseEvent) => !event.button && (event.type !== "wheel" || event.ctrlKey))
    .on("zoom", ({ transform }: { transform: { x: number; y: number; k: number } }) => {
      drawing.setAttribute("transform", `translate(${transform.x} ${transform.y})`);
      if (transform.k !== drawn) place((drawn = transform.k));
    });
  const whole = (): void => {
    const { width, height } = svg.getBoundingClientRect();
    const xs = placed.map(({ x }) => x);
    const ys = placed.map(({ y }) => y);
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
