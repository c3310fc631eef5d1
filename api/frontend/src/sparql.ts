/** SPARQL: its mode, and completion of prefixes, classes, properties, variables and keywords. */

import { type Completion, type CompletionContext, type CompletionResult, pickedCompletion } from "@codemirror/autocomplete";
import { StreamLanguage } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import type { EditorView } from "@codemirror/view";
import { found, isQuiet, plainOptions, termOption } from "./completing";
import type { Terms } from "./terms";

export const sparqlLanguage = StreamLanguage.define(sparql);

const ONTOLOGY = "kn";
const WORDS = (
  "SELECT CONSTRUCT ASK DESCRIBE WHERE FROM NAMED PREFIX BASE DISTINCT REDUCED OPTIONAL UNION MINUS GRAPH FILTER BIND " +
  "VALUES UNDEF EXISTS NOT IN AS LIMIT OFFSET HAVING ASC DESC COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR STR " +
  "LANG LANGMATCHES DATATYPE BOUND IRI COALESCE IF REGEX REPLACE CONTAINS STRSTARTS STRENDS STRLEN SUBSTR UCASE LCASE " +
  "CONCAT YEAR MONTH DAY NOW ABS ROUND CEIL FLOOR isIRI isBlank isLiteral isNumeric"
).split(" ");
const PHRASES = ["GROUP BY", "ORDER BY"];

export function sparqlCompletion(terms: Promise<Terms>): (context: CompletionContext) => Promise<CompletionResult | null> {
  return async (context) => {
    if (isQuiet(context)) return null;
    const known = await terms;
    const prefix = context.matchBefore(/\bPREFIX\s+[\w-]*/i);
    if (prefix) return prefixes(prefix.from + prefix.text.search(/[\w-]*$/), known);
    const variable = context.matchBefore(/[?$]\w*/);
    if (variable) {
      return { from: variable.from, options: plainOptions(found(context, /[?$]\w+/g), "variable"), validFor: /^[?$]\w*$/ };
    }
    const word = context.matchBefore(/[A-Za-z][\w-]*(?::[\w-]*)?|:/);
    if (!word && !context.explicit) return null;
    const from = word?.from ?? context.pos;
    const isClass = /(?:^|[\s;.{])(?:a|rdf:type)\s+$/.test(context.state.sliceDoc(Math.max(0, from - 100), from));
    return { from, options: options(known, isClass), validFor: /^[A-Za-z][\w-]*(?::[\w-]*)?$/ };
  };
}

function prefixes(from: number, terms: Terms): CompletionResult {
  const options = Object.entries(terms.prefixes).map(([name, iri]) => ({
    label: `${name}:`,
    detail: iri,
    type: "namespace",
    apply: `${name}: <${iri}>`,
  }));
  return { from, options, validFor: /^[\w-]*$/ };
}

function options(terms: Terms, isClass: boolean): Completion[] {
  const apply = applyTerm(terms);
  const classes = terms.classes.map((one) => termOption(one, `${ONTOLOGY}:${one.name}`, "class", { apply, boost: isClass ? 20 : 0 }));
  if (isClass) return classes;
  const properties = terms.properties.map((one) => termOption(one, `${ONTOLOGY}:${one.name}`, "property", { apply, boost: 1 }));
  return [...properties, ...classes, ...plainOptions([...WORDS, ...PHRASES], "keyword")];
}

/** Writes a term, and the declaration of its prefix where the query lacks one. */
function applyTerm(terms: Terms) {
  return (view: EditorView, completion: Completion, from: number, to: number): void => {
    const declared = new RegExp(`\\bPREFIX\\s+${ONTOLOGY}:`, "i").test(view.state.doc.toString());
    const declaration = declared ? "" : `PREFIX ${ONTOLOGY}: <${terms.prefixes[ONTOLOGY]}>\n`;
    view.dispatch({
      changes: [{ from: 0, insert: declaration }, { from, to, insert: completion.label }],
      selection: { anchor: from + declaration.length + completion.label.length },
      annotations: pickedCompletion.of(completion),
      userEvent: "input.complete",
    });
  };
}
