/** Cypher: its mode, and completion of labels, relationship types, keys, parameters, variables, keywords and functions. */

import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { StreamLanguage } from "@codemirror/language";
import { cypher } from "@codemirror/legacy-modes/mode/cypher";
import { found, isQuiet, plainOptions, termOption } from "./completing";
import type { Terms } from "./terms";

export const cypherLanguage = StreamLanguage.define(cypher);

const NAME = /^\w*$/;
const VARIABLE = /[[(]\s*([A-Za-z_]\w*)\s*(?=[:)\]{])/g;

/** @param parameters gives the names of the parameters that are there at the moment */
export function cypherCompletion(
  terms: Promise<Terms>,
  parameters: () => string[],
): (context: CompletionContext) => Promise<CompletionResult | null> {
  return async (context) => {
    if (isQuiet(context)) return null;
    const known = await terms;
    const parameter = context.matchBefore(/\$\w*/);
    if (parameter) {
      const options = plainOptions(parameters().map((name) => `$${name}`), "variable");
      return { from: parameter.from, options, validFor: /^\$\w*$/ };
    }
    const word = context.matchBefore(/\w+/);
    const from = word?.from ?? context.pos;
    const before = context.state.sliceDoc(Math.max(0, from - 500), from);
    const options = optionsAfter(before, known);
    if (options) return { from, options, validFor: NAME };
    if (!word && !context.explicit) return null;
    return { from, options: [...plainOptions(found(context, VARIABLE), "variable"), ...words(known)], validFor: NAME };
  };
}

/** What may stand behind a text: types in brackets behind a colon, labels in parentheses, keys behind a point or in braces. */
function optionsAfter(before: string, terms: Terms): Completion[] | null {
  if (/\[[^\][(){}]*[:|&!]\s*$/.test(before)) return types(terms);
  if (/\([^()[\]{}]*[:|&!]\s*$/.test(before) || /\w:$/.test(before)) return labels(terms);
  if (/\w\.$/.test(before) || /\{(?:[^{}'"]|'[^']*'|"[^"]*")*$/.test(before) && /[{,]\s*$/.test(before)) return keys(terms);
  return null;
}

function types(terms: Terms): Completion[] {
  return terms.properties.flatMap((one) => (one.type ? [termOption(one, one.type, "property")] : []));
}

function labels(terms: Terms): Completion[] {
  return terms.classes.map((one) => termOption(one, one.name, "class"));
}

function keys(terms: Terms): Completion[] {
  const own = terms.properties.flatMap((one) => one.keys.map((key) => termOption(one, key, "property")));
  return [...plainOptions(["id", "sources"], "property"), ...own];
}

function words(terms: Terms): Completion[] {
  const functions = terms.cypher.functions.map((label) => ({ label, type: "function", apply: `${label}(`, boost: -1 }));
  return [...plainOptions(terms.cypher.words, "keyword"), ...functions];
}
