/** A network as the server says it, and what stands beside a node of it. */

export interface NetworkNode {
  id: string;
  name: string;
  kind: string;
  href: string;
  /** Whether it was made up. */
  made: boolean;
  /** The colour, 0 to 7: of its community, else of its class. */
  hue?: number;
  /** What the colour stands for, where that is not the class. */
  group?: string;
  size?: number;
  centre?: boolean;
  /** A sentence about the node. */
  said?: string | null;
}

export interface Line {
  source: string;
  target: string;
  name?: string;
  weight: number;
}

export interface Network {
  nodes: NetworkNode[];
  lines: Line[];
}

interface Answer {
  groups: { label: string; neighbours: { node: { id: string; name: string; type: string }; kind: string; href: string; illustrative: boolean; count: number }[] }[];
}

const COLOURS = 8;

/** The colours of classes: each class the next one, in the order in which they came. */
export function coloured(network: Network): Network {
  const kinds = [...new Set(network.nodes.map(({ kind }) => kind))];
  return { ...network, nodes: network.nodes.map((node) => ({ ...node, hue: node.hue ?? kinds.indexOf(node.kind) % COLOURS })) };
}

/** The network with what the server says stands beside a node. */
export async function added(address: string, centre: string, network: Network): Promise<Network> {
  const answer = await fetch(address, { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const said = (await answer.json()) as Answer;
  const nodes = new Map(network.nodes.map((node) => [node.id, node]));
  const lines = [...network.lines];
  for (const group of said.groups) {
    for (const { node, kind, href, illustrative, count } of group.neighbours) {
      if (!nodes.has(node.id)) nodes.set(node.id, { id: node.id, name: node.name, kind, href, made: illustrative });
      lines.push({ source: centre, target: node.id, name: group.label, weight: count });
    }
  }
  return coloured({ nodes: [...nodes.values()], lines });
}
