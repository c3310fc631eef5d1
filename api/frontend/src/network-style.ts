/** How a network is drawn, in the colours of the style sheet. */

import type { StylesheetJson } from "cytoscape";
import type { Network } from "./neighbours";

const FEW = 80;
const NAMED = 40;

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Styles for a network: of a large one only the nodes that matter most are named before they are chosen. */
export function styles({ nodes, lines }: Network): StylesheetJson {
  const [sheet, ink, soft, focus] = ["--sheet", "--ink", "--soft", "--focus"].map(colour) as [string, string, string, string];
  const many = nodes.length > FEW;
  const sizes = nodes.map(({ size }) => size ?? 1).sort((one, other) => other - one);
  const named = many ? (sizes[NAMED] ?? 0) : 0;
  const most = sizes[0] ?? 1;
  return [
    {
      selector: "node",
      style: {
        width: (node: { data(name: string): number | undefined }) => 9 + 15 * Math.sqrt((node.data("size") ?? 1) / most) * (most > 1 ? 1 : 0.35),
        height: (node: { data(name: string): number | undefined }) => 9 + 15 * Math.sqrt((node.data("size") ?? 1) / most) * (most > 1 ? 1 : 0.35),
        "background-color": (node: { data(name: string): number | undefined }) => colour(`--hue-${node.data("hue") ?? 0}`),
        "border-width": 1,
        "border-color": sheet,
        "font-size": 11,
        "font-family": getComputedStyle(document.body).fontFamily,
        color: ink,
        "text-outline-color": sheet,
        "text-outline-width": 2,
        "text-valign": "bottom",
        "text-margin-y": 2,
        "min-zoomed-font-size": 7,
      },
    },
    { selector: "node[?made]", style: { "background-opacity": 0.55, "border-width": 1.5, "border-color": (node: { data(name: string): number | undefined }) => colour(`--hue-${node.data("hue") ?? 0}`) } },
    { selector: many ? `node[size > ${named}]` : "node", style: { label: "data(label)" } },
    { selector: "node[?centre]", style: { "border-width": 3, "border-color": ink, "border-style": "solid", "font-weight": 700 } },
    {
      selector: "edge",
      style: {
        width: (edge: { data(name: string): number }) => Math.min(6, 0.6 + Math.log2(1 + edge.data("weight")) * 0.6),
        "line-color": soft,
        "line-opacity": lines.length > 300 ? 0.25 : 0.5,
        "curve-style": "haystack",
      },
    },
    { selector: "edge.beside", style: { "line-color": focus, "line-opacity": 0.9 } },
    { selector: "node.beside, node.chosen", style: { label: "data(label)", "min-zoomed-font-size": 0 } },
    { selector: "node.chosen", style: { "border-width": 4, "border-style": "solid", "border-color": focus, "font-weight": 700 } },
  ] as unknown as StylesheetJson;
}
