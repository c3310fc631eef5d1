/** Starts the workbench: an editor over the form's text field, answers without leaving the page, pictures, links to copy. */

import type { EditorView } from "@codemirror/view";
import { cypherCompletion, cypherLanguage } from "./cypher";
import { openEditor } from "./editor";
import { mark } from "./marking";
import { drawIn } from "./picture";
import { ask, isRunning, stop } from "./running";
import { sparqlCompletion, sparqlLanguage } from "./sparql";
import { loadTerms, type Terms } from "./terms";

interface Parts {
  form: HTMLFormElement;
  field: HTMLTextAreaElement;
  results: HTMLElement;
  status: HTMLElement;
}

function part<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found as T;
}

function edit({ form, field }: Parts, run: () => void): EditorView {
  const isCypher = form.dataset["on"] === "cypher";
  const terms: Promise<Terms> = loadTerms(form.dataset["terms"] ?? "");
  const host = document.createElement("div");
  field.before(host);
  field.hidden = true;
  const view = openEditor(host, {
    text: field.value,
    label: form.querySelector('label[for="query"]')?.textContent ?? "",
    completions: form.dataset["completions"] ?? "",
    language: isCypher ? cypherLanguage : sparqlLanguage,
    complete: isCypher ? cypherCompletion(terms, parameters) : sparqlCompletion(terms),
    run,
  });
  form.querySelector('label[for="query"]')?.addEventListener("click", () => view.focus());
  return view;
}

/** The names in the field of parameters, as far as it is JSON. */
function parameters(): string[] {
  try {
    const value: unknown = JSON.parse(part<HTMLInputElement>("params").value);
    return typeof value === "object" && value ? Object.keys(value) : [];
  } catch {
    return [];
  }
}

function settle({ results, status }: Parts, view: EditorView): void {
  mark(view, results);
  drawIn(results);
  status.textContent = results.querySelector("h2, [role=alert]")?.textContent ?? "";
  const copy = results.querySelector<HTMLButtonElement>("#copy");
  const link = results.querySelector<HTMLAnchorElement>("#link");
  if (!copy || !link || !navigator.clipboard) return;
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(link.href);
    copy.textContent = status.textContent = copy.dataset["copied"] ?? "";
  });
}

function start(): void {
  const parts: Parts = { form: part("workbench"), field: part("query"), results: part("results"), status: part("said") };
  const { form, field, results, status } = parts;
  const stopper = part<HTMLButtonElement>("stop");
  const view = edit(parts, () => form.requestSubmit());
  part("keys").hidden = false;
  stopper.addEventListener("click", stop);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    field.value = view.state.doc.toString();
    status.textContent = status.dataset["running"] ?? "";
    stopper.hidden = false;
    form.setAttribute("aria-busy", "true");
    const answered = await ask({ endpoint: form.dataset["endpoint"] ?? "", fields: new FormData(form) }, results, form.dataset["failed"] ?? "");
    if (isRunning()) return;
    stopper.hidden = true;
    form.removeAttribute("aria-busy");
    status.textContent = "";
    if (!answered) return;
    const address = results.dataset["address"];
    if (address && address !== location.pathname + location.search) history.pushState(null, "", address);
    settle(parts, view);
  });
  // a step back is another query: the server knows what belongs to it
  addEventListener("popstate", () => location.reload());
  settle(parts, view);
}

start();
