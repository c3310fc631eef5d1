/** What both languages' completions have in common. */

import type { Completion, CompletionContext } from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import { said, type Term } from "./terms";

/** A class or property under the name that the query gives it, with its label and, beside the list, its definition. */
export function termOption(term: Term, label: string, type: string, more: Partial<Completion> = {}): Completion {
  return { label, type, detail: said(term.label), info: said(term.definition), ...more };
}

export function plainOptions(labels: Iterable<string>, type: string): Completion[] {
  return [...labels].map((label) => ({ label, type }));
}

/** Whether the cursor is in a comment or a text, where nothing is completed. */
export function isQuiet(context: CompletionContext): boolean {
  return /comment|string/.test(syntaxTree(context.state).resolveInner(context.pos, -1).name);
}

/** Everything in the document that a pattern finds, each once, but not what the cursor stands behind. */
export function found(context: CompletionContext, pattern: RegExp): Set<string> {
  const text = context.state.doc.toString();
  const names = new Set<string>();
  for (const match of text.matchAll(pattern)) {
    const name = match[1] ?? match[0];
    if (match.index + match[0].length !== context.pos) names.add(name);
  }
  return names;
}
