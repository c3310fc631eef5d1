/** Runs a query and puts the page's own answer into the page: what it looks like is said once, by the server. */

/** The query, and where it is sent. */
export interface Asked {
  endpoint: string;
  fields: FormData;
}

let running: AbortController | null = null;

/**
 * Asks, and replaces the results by those of the answer.
 *
 * @returns whether there was an answer; none where it was stopped or another query came after it
 */
export async function ask(asked: Asked, results: HTMLElement, failed: string): Promise<boolean> {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  let content: Element[] = [];
  let address: string | null = null;
  try {
    const answer = await fetch(asked.endpoint, {
      method: "POST",
      headers: { accept: "text/html", "content-type": "application/x-www-form-urlencoded" },
      body: body(asked.fields),
      signal: mine.signal,
    });
    ({ content, address } = await read(answer, failed));
  } catch {
    if (mine.signal.aborted) return false;
    content = [alert(failed)];
  } finally {
    if (running === mine) running = null;
  }
  results.replaceChildren(...content);
  if (address) results.dataset["address"] = address;
  else delete results.dataset["address"];
  return true;
}

export function isRunning(): boolean {
  return running !== null;
}

export function stop(): void {
  running?.abort();
}

function body(fields: FormData): URLSearchParams {
  const pairs = [...fields].filter(([name]) => name !== "on").map(([name, value]) => [name, String(value)]);
  return new URLSearchParams(pairs);
}

/** The results of a page, or what the page or document of an error says. */
async function read(answer: Response, failed: string): Promise<{ content: Element[]; address: string | null }> {
  const text = await answer.text();
  if (!answer.headers.get("content-type")?.startsWith("text/html")) {
    const problem = JSON.parse(text) as { detail?: string };
    return { content: [alert(problem.detail ?? failed)], address: null };
  }
  const page = new DOMParser().parseFromString(text, "text/html");
  const results = page.getElementById("results");
  if (results) return { content: [...results.children], address: results.dataset["address"] ?? null };
  return { content: [alert(page.querySelector("main")?.textContent?.trim() || failed)], address: null };
}

function alert(text: string): HTMLElement {
  const told = document.createElement("p");
  told.className = "note bad";
  told.role = "alert";
  told.textContent = text;
  return told;
}
