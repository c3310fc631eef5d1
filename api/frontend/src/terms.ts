/** What a query can name, as /workbench/terms.json says it. */

export interface Term {
  name: string;
  label: Record<string, string>;
  definition: Record<string, string>;
}

export interface Property extends Term {
  of: string;
  to: string | null;
  type: string | null;
  keys: string[];
}

export interface Terms {
  prefixes: Record<string, string>;
  classes: Term[];
  properties: Property[];
  cypher: { words: string[]; functions: string[] };
}

export async function loadTerms(address: string): Promise<Terms> {
  const answer = await fetch(address, { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return (await answer.json()) as Terms;
}

/** A text in the page's language, else in English. */
export function said(texts: Record<string, string>): string {
  return texts[document.documentElement.lang] ?? texts["en"] ?? "";
}
