/**
 * A CodeMirror editor over a text field.
 *
 * It stands in a shadow root: there its styles are style sheets made by script, which a policy that forbids inline styles allows,
 * while in the document itself they would be <style> elements. Colours are the page's own variables, which reach into it.
 */

import { autocompletion, closeBrackets, closeBracketsKeymap, type CompletionSource, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, type StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { lintGutter } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export interface Wanted {
  text: string;
  label: string;
  completions: string;
  language: StreamLanguage<unknown>;
  complete: CompletionSource;
  run: () => void;
}

const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--water)", fontWeight: "600" },
  { tag: [tags.atom, tags.typeName, tags.standard(tags.name), tags.definition(tags.variableName)], color: "var(--land)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: [tags.number, tags.bool], color: "var(--bad)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
]);

const LOOK = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--sheet)", border: "1px solid var(--soft)", borderRadius: "3px" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: 'ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace', fontSize: "0.875rem", lineHeight: "1.5" },
  ".cm-content": { minHeight: "14rem", caretColor: "var(--ink)" },
  ".cm-scroller, .cm-content": { maxHeight: "none" },
  "&.cm-editor": { maxHeight: "32rem" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--paper)", color: "var(--soft)", borderRight: "1px solid var(--hair)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--water-wash) 45%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--line)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--land-wash)", outline: "1px solid var(--land)" },
  ".cm-tooltip": { backgroundColor: "var(--sheet)", color: "var(--ink)", border: "1px solid var(--line)", maxWidth: "30rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--water)", color: "var(--paper)" },
  ".cm-completionDetail": { fontStyle: "normal", color: "var(--soft)", marginLeft: "0.75rem" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--bad)" },
});

/**
 * Writes over a selection. The browser would give the new text the look of what it replaces, by a style attribute: the policy
 * blocks that and complains, and the editor has no use for it.
 */
const OVERWRITING = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { data, inputType, isComposing } = event;
    const { from, to, empty } = view.state.selection.main;
    if (empty || !data || isComposing || inputType !== "insertText") return false;
    const written = () => view.state.update(view.state.replaceSelection(data), { userEvent: "input.type", scrollIntoView: true });
    const handlers = view.state.facet(EditorView.inputHandler);
    if (!handlers.some((handler) => handler(view, from, to, data, written))) view.dispatch(written());
    return true;
  },
});

export function openEditor(host: HTMLElement, wanted: Wanted): EditorView {
  const root = host.attachShadow({ mode: "open" });
  const run = { key: "Mod-Enter", run: () => (wanted.run(), true) };
  return new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: wanted.text,
      extensions: [
        Prec.highest(keymap.of([run])),
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ override: [wanted.complete], icons: false }),
        OVERWRITING,
        wanted.language,
        syntaxHighlighting(COLOURS),
        LOOK,
        EditorState.phrases.of({ Completions: wanted.completions }),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": wanted.label, "aria-multiline": "true", spellcheck: "false" }),
        // Tab is left to the browser: it leads out of the editor
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
      ],
    }),
  });
}
