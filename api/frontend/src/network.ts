/** Draws a network that the server said: dragged, enlarged, expanded, walked through by arrow keys. The page's lists say the same. */

import cytoscape, { type Core, type NodeSingular } from "cytoscape";
import { added, coloured, type Line, type Network, type NetworkNode } from "./neighbours";
import { type Box, places, withRoom } from "./layout";
import { styles } from "./network-style";

const MANY_LINES = 800;
const NAMED = 90;
const LETTER = 6.1;
const HEIGHT = 14;
const SETTLED = 120;
/** Circles that no name may cover, and how far apart few nodes stand, so that their names have room. */
const KEPT_FREE = 40;
const FEW = 80;
const SPREAD = 2.2;
/** Where a name may stand: below its node, above it, or beside it where the frame is near. */
const SIDES = ["below", "above", "right", "left"];
const STYLE_ELEMENT = "__________cytoscape_stylesheet";

/** A network on the page, and what can be done with it. */
class Drawing {
  private readonly graph: Core;
  private readonly said: HTMLElement;
  private readonly known = new Set<string>();
  private chosen: NodeSingular | undefined;
  /** Whether somebody chose a part of the picture to look at. */
  private moved = false;
  private timer = 0;

  constructor(
    private readonly figure: HTMLElement,
    private readonly canvas: HTMLElement,
    private network: Network,
  ) {
    this.said = figure.querySelector<HTMLElement>(".said")!;
    this.graph = cytoscape({
      container: canvas,
      style: styles(network, 1),
      pixelRatio: 1,
      textureOnViewport: true,
      hideEdgesOnViewport: network.lines.length > MANY_LINES,
      minZoom: 0.05,
      maxZoom: 6,
      // a wheel scrolls the page; the picture is enlarged with its buttons, two fingers or the plus and minus keys
      userZoomingEnabled: false,
    });
    this.put(network);
    this.legend();
    this.listen();
    this.whole();
  }

  private put(network: Network): void {
    const fresh = network.nodes.filter(({ id }) => !this.known.has(id));
    fresh.forEach(({ id }) => this.known.add(id));
    const ties = new Set(this.graph.edges().map((edge) => edge.id()));
    const lines = network.lines.filter((line) => this.known.has(line.source) && this.known.has(line.target) && !ties.has(tieId(line)));
    this.graph.batch(() => {
      this.graph.add(fresh.map((node) => ({ group: "nodes" as const, data: { ...node, label: labelOf(node) } })));
      this.graph.add([...new Map(lines.map((line) => [tieId(line), line])).values()].map((line) => ({ group: "edges" as const, data: { ...line, id: tieId(line) } })));
    });
    this.lay(new Set(fresh.map(({ id }) => id)));
  }

  /** Puts everything in its place; what stood somewhere before begins there. */
  private lay(fresh: Set<string>): void {
    const nodes = this.graph.nodes().toArray() as NodeSingular[];
    const at = new Map(nodes.map((node, place) => [node.id(), place]));
    const lines = this.graph.edges().map((edge) => ({ source: at.get(edge.source().id())!, target: at.get(edge.target().id())! }));
    const known = nodes.map((node) => (fresh.has(node.id()) ? this.beside(node, fresh) : { ...node.position() }));
    const spread = nodes.length <= FEW ? SPREAD : 1;
    const found = places({ nodes, lines }, known.map((spot) => spot && { x: spot.x / spread, y: spot.y / spread }));
    this.graph.batch(() => nodes.forEach((node, place) => node.position({ x: spread * found[place]!.x, y: spread * found[place]!.y })));
  }

  /** Where a new node begins: beside one that stands already. */
  private beside(node: NodeSingular, fresh: Set<string>): { x: number; y: number } | undefined {
    const standing = node.neighborhood().nodes().filter((one) => !fresh.has(one.id()))[0] as NodeSingular | undefined;
    if (!standing) return undefined;
    const angle = this.known.size * 2.4 + node.id().charCodeAt(0);
    const { x, y } = standing.position();
    return { x: x + 40 * Math.cos(angle), y: y + 40 * Math.sin(angle) };
  }

  /** Writes the names that have room, those of the nodes that matter most first; letters keep their size. */
  private name(): void {
    const scale = this.graph.zoom();
    this.graph.style(styles(this.network, scale));
    const all = this.graph.nodes().toArray() as NodeSingular[];
    const order = [...all].sort((one, other) => importance(other) - importance(one)).slice(0, NAMED);
    const circles = order.slice(0, KEPT_FREE).map((node) => around(node, scale));
    const frame = { left: 0, right: this.canvas.clientWidth, top: 0, bottom: this.canvas.clientHeight };
    const room = withRoom(order.map((node) => besides(node, scale)), circles, frame);
    this.graph.batch(() => {
      this.graph.nodes().removeClass(`named ${SIDES.join(" ")}`);
      order.forEach((node, at) => {
        if (room[at]! >= 0) node.addClass(`named ${SIDES[room[at]!]}`);
      });
    });
  }

  private legend(): void {
    const groups = new Map<string, number>();
    for (const node of this.network.nodes) if (!groups.has(node.group ?? node.kind)) groups.set(node.group ?? node.kind, node.hue ?? 0);
    this.figure.querySelector(".legend")?.replaceChildren(
      ...[...groups].slice(0, 16).map(([name, hue]) => entry(name, `hue-${hue}`)),
      ...(this.network.nodes.some(({ made }) => made) ? [entry(this.figure.dataset["mark"] ?? "", "made")] : []),
    );
  }

  private listen(): void {
    this.graph.on("viewport dragfree", () => {
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.name(), SETTLED);
    });
    // a turned phone or a smaller window shows all of it again, unless somebody had chosen a part
    this.graph.on("dragpan scrollzoom pinchzoom", () => (this.moved = true));
    this.graph.on("resize", () => {
      if (!this.moved) this.whole();
    });
    this.graph.on("tap", "node", (event) => this.choose(event.target as NodeSingular));
    this.graph.on("dbltap", "node", (event) => void this.expand(event.target as NodeSingular));
    this.canvas.addEventListener("keydown", (event) => this.pressed(event));
    for (const button of this.figure.querySelectorAll<HTMLButtonElement>("[data-do]")) {
      button.addEventListener("click", () => this.act(button.dataset["do"] ?? ""));
    }
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.name());
  }

  private act(action: string): void {
    const node = this.chosen ?? (this.graph.nodes()[0] as NodeSingular | undefined);
    if (action === "closer") this.zoom(1.4);
    else if (action === "further") this.zoom(1 / 1.4);
    else if (action === "whole") this.whole();
    else if (action === "expand" && node) void this.expand(node);
    else if (action === "open" && node) location.assign(String(node.data("href")));
  }

  private pressed(event: KeyboardEvent): void {
    const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
    if (step) this.choose(this.towards(step[0]!, step[1]!));
    else if (event.key === "+" || event.key === "=") this.act("expand");
    else if (event.key === "Enter") this.act("open");
    else return;
    event.preventDefault();
  }

  /** The nearest node in a direction: what lies aside counts twice. */
  private towards(dx: number, dy: number): NodeSingular | undefined {
    const from = this.chosen;
    if (!from) return this.graph.nodes()[0] as NodeSingular | undefined;
    const here = from.position();
    let best: NodeSingular | undefined;
    let least = Infinity;
    this.graph.nodes().forEach((node) => {
      const { x, y } = node.position();
      const along = (x - here.x) * dx + (y - here.y) * dy;
      const aside = Math.abs((x - here.x) * dy) + Math.abs((y - here.y) * dx);
      if (along > 1 && along + 2 * aside < least) [best, least] = [node, along + 2 * aside];
    });
    return best;
  }

  private choose(node: NodeSingular | undefined): void {
    if (!node) return;
    this.graph.elements().removeClass("chosen beside");
    node.addClass("chosen").connectedEdges().addClass("beside");
    node.neighborhood().nodes().addClass("beside");
    this.chosen = node;
    this.canvas.dataset["chosen"] = node.id();
    const { x, y } = node.renderedPosition();
    if (x < 0 || y < 0 || x > this.canvas.clientWidth || y > this.canvas.clientHeight) {
      this.moved = true;
      this.graph.center(node);
    }
    const mark = node.data("made") ? this.figure.dataset["mark"] : "";
    this.said.textContent = [node.data("name"), node.data("kind"), mark, node.data("said")].filter(Boolean).join(" · ");
  }

  private async expand(node: NodeSingular): Promise<void> {
    const { expands, language, failed, none, expanded } = this.figure.dataset;
    if (!expands) return;
    this.choose(node);
    this.figure.setAttribute("aria-busy", "true");
    try {
      const more = await added(`${expands}${encodeURI(node.id())}/neighbours?language=${language}&limit=8`, node.id(), this.network);
      const before = this.known.size;
      this.network = more;
      this.put(more);
      this.legend();
      const count = this.known.size - before;
      this.said.textContent = count ? (expanded ?? "").replace("{count}", String(count)) : (none ?? "");
      this.whole();
    } catch {
      this.said.textContent = failed ?? "";
    } finally {
      this.figure.removeAttribute("aria-busy");
    }
  }

  private zoom(factor: number): void {
    this.moved = true;
    this.graph.zoom({ level: this.graph.zoom() * factor, renderedPosition: { x: this.canvas.clientWidth / 2, y: this.canvas.clientHeight / 2 } });
  }

  private whole(): void {
    this.moved = false;
    this.graph.fit(undefined, 30);
    if (this.graph.zoom() > 2) {
      this.graph.zoom(2);
      this.graph.center();
    }
  }
}

function tieId(line: Line): string {
  return `${line.source} ${line.target}`;
}

function labelOf(node: NetworkNode): string {
  const letters = [...node.name];
  return letters.length > 32 ? `${letters.slice(0, 31).join("")}…` : node.name;
}

function entry(name: string, look: string): HTMLElement {
  const made = document.createElement("span");
  made.className = look;
  made.textContent = name;
  return made;
}

/** The middle comes first, then the heaviest, then those with most lines. */
function importance(node: NodeSingular): number {
  return (node.data("centre") ? 1e9 : 0) + 1000 * Number(node.data("size") ?? 0) + node.degree(false);
}

function around(node: NodeSingular, scale: number): Box {
  const { x, y } = node.renderedPosition();
  const radius = (node.width() * scale) / 2;
  return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius };
}

/** The places of a name, in the order of SIDES. */
function besides(node: NodeSingular, scale: number): Box[] {
  const { left, right, top, bottom } = around(node, scale);
  const width = String(node.data("label")).length * LETTER;
  const across = { left: (left + right - width) / 2, right: (left + right + width) / 2 };
  const along = { top: (top + bottom - HEIGHT) / 2, bottom: (top + bottom + HEIGHT) / 2 };
  return [
    { ...across, top: bottom + 1, bottom: bottom + 1 + HEIGHT },
    { ...across, top: top - 1 - HEIGHT, bottom: top - 1 },
    { ...along, left: right + 2, right: right + 2 + width },
    { ...along, left: left - 2 - width, right: left - 2 },
  ];
}

function start(): void {
  // cytoscape would add a style element, which the policy forbids; the style sheet says what it says
  const place = document.createElement("meta");
  place.id = STYLE_ELEMENT;
  document.head.append(place);
  for (const figure of document.querySelectorAll<HTMLElement>("figure.net")) void draw(figure);
}

async function draw(figure: HTMLElement): Promise<void> {
  const canvas = figure.querySelector<HTMLElement>(".canvas");
  if (!canvas) return;
  figure.hidden = false;
  figure.setAttribute("aria-busy", "true");
  try {
    new Drawing(figure, canvas, coloured(await said(figure)));
    figure.dataset["drawn"] = "true";
  } catch {
    figure.querySelector(".said")!.textContent = figure.dataset["failed"] ?? "";
  } finally {
    figure.removeAttribute("aria-busy");
  }
}

/** The network: written into the page, or fetched where it is large. */
async function said(figure: HTMLElement): Promise<Network> {
  const written = figure.querySelector('script[type="application/json"]')?.textContent;
  if (written) return JSON.parse(written) as Network;
  const answer = await fetch(figure.dataset["source"] ?? "", { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return (await answer.json()) as Network;
}

start();
