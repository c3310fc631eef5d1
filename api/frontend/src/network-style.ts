/** How a network is drawn, in the colours of the style sheet. */

import type { StylesheetJson } from "cytoscape";
import type { Network } from "./neighbours";

const LETTERS = 11;

type Element = { data(name: string): number | undefined };

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/**
 * Styles for a network. Nodes are named by classes that the drawing gives to those whose names have room.
 *
 * @param scale how much it is enlarged: letters keep their size
 */
export function styles({ nodes, lines }: Network, scale: number): StylesheetJson {
  const [sheet, ink, soft, focus] = ["--sheet", "--ink", "--soft", "--focus"].map(colour) as [string, string, string, string];
  const most = Math.max(1, ...nodes.map(({ size }) => size ?? 1));
  const diameter = (node: Element): number => 9 + 15 * Math.sqrt((node.data("size") ?? 1) / most) * (most > 1 ? 1 : 0.35);
  const hue = (node: Element): string => colour(`--hue-${node.data("hue") ?? 0}`);
  return [
    {
      selector: "node",
      style: {
        width: diameter,
        height: diameter,
        "background-color": hue,
        "border-width": 1,
        "border-color": sheet,
        "font-size": LETTERS / scale,
        "font-family": getComputedStyle(document.body).fontFamily,
        color: ink,
        "text-outline-color": sheet,
        "text-outline-width": 2 / scale,
        "text-valign": "bottom",
        "text-margin-y": 1,
      },
    },
    { selector: "node[?made]", style: { "background-opacity": 0.55, "border-width": 1.5, "border-color": hue } },
    { selector: "node.named, node.beside, node.chosen", style: { label: "data(label)" } },
    { selector: "node.above", style: { "text-valign": "top", "text-margin-y": -1 } },
    { selector: "node.right", style: { "text-valign": "center", "text-halign": "right", "text-margin-x": 2, "text-margin-y": 0 } },
    { selector: "node.left", style: { "text-valign": "center", "text-halign": "left", "text-margin-x": -2, "text-margin-y": 0 } },
    { selector: "node[?centre]", style: { "border-width": 3, "border-color": ink, "border-style": "solid", "font-weight": 700 } },
    {
      selector: "edge",
      style: {
        width: (edge: Element) => Math.min(6, 0.6 + Math.log2(1 + (edge.data("weight") ?? 1)) * 0.6),
        "line-color": soft,
        "line-opacity": lines.length > 300 ? 0.25 : 0.5,
        "curve-style": "haystack",
      },
    },
    { selector: "edge.beside", style: { "line-color": focus, "line-opacity": 0.9 } },
    { selector: "node.chosen", style: { "border-width": 4, "border-style": "solid", "border-color": focus, "font-weight": 700 } },
  ] as unknown as StylesheetJson;
}
