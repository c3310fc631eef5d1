/** Marks in the editor the place that a problem names. */

import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import type { Text } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";

/** Shows what the results say of the query; nothing where they name no place. */
export function mark(view: EditorView, results: Element): void {
  const told = results.querySelector<HTMLElement>("[data-line]");
  const marks = told ? [problem(view.state.doc, told)] : [];
  view.dispatch(setDiagnostics(view.state, marks));
}

function problem(doc: Text, told: HTMLElement): Diagnostic {
  const number = Math.min(Math.max(1, Number(told.dataset["line"])), doc.lines);
  const line = doc.line(number);
  // columns count characters, positions count what UTF-16 needs for them
  const before = [...line.text].slice(0, Math.max(0, Number(told.dataset["column"]) - 1)).join("");
  const from = Math.min(line.from + before.length, line.to);
  const word = /^[\w?$:]+|^\S/.exec(doc.sliceString(from, line.to))?.[0].length ?? 0;
  const start = word === 0 && from === line.to ? Math.max(line.from, from - 1) : from;
  return { from: start, to: from + word, severity: "error", message: told.textContent ?? "" };
}
