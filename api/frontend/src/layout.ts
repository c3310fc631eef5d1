/** Where the nodes of a picture stand, and which names have room. */

import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY, type SimulationLinkDatum, type SimulationNodeDatum } from "d3-force";

export interface NodeSaid {
  name: string;
  kind: string;
  href: string | null;
  illustrative: boolean;
}

export interface LineSaid {
  source: number;
  target: number;
  name: string;
}

export interface Picture {
  nodes: NodeSaid[];
  lines: LineSaid[];
  cut: boolean;
}

export interface Place extends SimulationNodeDatum {
  x: number;
  y: number;
  at: number;
  lines: number;
}

const TICKS = 300;

/** How many nodes there are, and which of them are tied. */
export interface Ties {
  nodes: readonly unknown[];
  lines: readonly { source: number; target: number }[];
}

/**
 * Places by a simulation of forces, run to its end before anything is drawn; the same picture gives the same places.
 *
 * @param known where some nodes stand already, so that they move little
 */
export function places(picture: Ties, known: readonly ({ x: number; y: number } | undefined)[] = []): Place[] {
  const found: Place[] = picture.nodes.map((_, at) => ({ at, lines: 0, x: 0, y: 0 }));
  for (const place of found) {
    // the spiral that d3 would start from, too, said here so that no place is unknown
    const radius = 10 * Math.sqrt(0.5 + place.at);
    const angle = place.at * Math.PI * (3 - Math.sqrt(5));
    Object.assign(place, known[place.at] ?? { x: radius * Math.cos(angle), y: radius * Math.sin(angle) });
  }
  const links: SimulationLinkDatum<Place>[] = picture.lines.map(({ source, target }) => ({ source, target }));
  for (const { source, target } of picture.lines) {
    found[source]!.lines += 1;
    found[target]!.lines += 1;
  }
  forceSimulation(found)
    .force("link", forceLink(links).distance(60))
    .force("apart", forceManyBody().strength(-160).distanceMax(500))
    .force("room", forceCollide(14))
    // weak forces to the middle keep parts that hang on nothing in sight
    .force("x", forceX().strength(0.05))
    .force("y", forceY().strength(0.07))
    .stop()
    .tick(TICKS);
  return found;
}

/** A rectangle on the screen. */
export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/**
 * Where texts can be written without covering another one or what is in the way; those first that come first.
 *
 * @param texts the places that each may take, the best first
 * @param frame what a text must not be cut by, where there is such a frame
 * @returns the number of the place of each; -1 where it has none
 */
export function withRoom(texts: Box[][], inTheWay: Box[], frame?: Box): number[] {
  const taken = [...inTheWay];
  return texts.map((boxes) => {
    const at = boxes.findIndex((box) => (!frame || isWithin(frame, box)) && taken.every((one) => isApart(one, box)));
    if (at >= 0) taken.push(boxes[at]!);
    return at;
  });
}

function isWithin(frame: Box, box: Box): boolean {
  return box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom;
}

function isApart(one: Box, other: Box): boolean {
  return one.left >= other.right || one.right <= other.left || one.top >= other.bottom || one.bottom <= other.top;
}
