/** Suggestions while somebody types: a combobox with a list, as the ARIA practices describe it. Without script the form searches. */

interface Suggestion {
  id: string;
  name: string;
  kind: string;
  href: string;
  illustrative: boolean;
}

const WAIT = 120;
const LEAST = 2;

class Combobox {
  private readonly list = document.createElement("ul");
  private readonly status = document.createElement("p");
  private asked: AbortController | null = null;
  private timer = 0;
  private at = -1;

  constructor(private readonly field: HTMLInputElement) {
    this.list.id = `${field.id}-suggestions`;
    this.list.className = "suggestions";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", field.dataset["suggestions"] ?? "");
    this.list.hidden = true;
    this.status.className = "hear";
    this.status.setAttribute("role", "status");
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id })) {
      field.setAttribute(name, value);
    }
    field.after(this.list, this.status);
    field.addEventListener("input", () => this.later());
    field.addEventListener("keydown", (event) => this.pressed(event));
    field.addEventListener("blur", () => this.close());
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), WAIT);
  }

  private async ask(): Promise<void> {
    const text = this.field.value.trim();
    this.asked?.abort();
    if (text.length < LEAST) return this.close();
    const mine = (this.asked = new AbortController());
    const address = `${this.field.dataset["suggest"]}?${new URLSearchParams({ q: text, language: document.documentElement.lang })}`;
    try {
      const answer = await fetch(address, { signal: mine.signal, headers: { accept: "application/json" } });
      if (!answer.ok) return this.close();
      this.show(((await answer.json()) as { suggestions: Suggestion[] }).suggestions);
    } catch {
      if (!mine.signal.aborted) this.close();
    }
  }

  private show(found: Suggestion[]): void {
    this.at = -1;
    this.field.removeAttribute("aria-activedescendant");
    this.list.replaceChildren(...found.map((one, at) => this.option(one, at)));
    this.list.hidden = !found.length;
    this.field.setAttribute("aria-expanded", String(found.length > 0));
    this.status.textContent = (this.field.dataset["found"] ?? "").replace("{count}", String(found.length));
  }

  private option(one: Suggestion, at: number): HTMLElement {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${at}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset["href"] = one.href;
    const name = document.createElement("span");
    name.textContent = one.name;
    const kind = document.createElement("span");
    kind.className = "kind";
    kind.textContent = [one.kind, one.illustrative ? this.field.dataset["mark"] : ""].filter(Boolean).join(" · ");
    option.append(name, " ", kind);
    // a click would take the focus away, and with it the list, before it is seen
    option.addEventListener("mousedown", (event) => event.preventDefault());
    option.addEventListener("click", () => location.assign(one.href));
    return option;
  }

  private pressed(event: KeyboardEvent): void {
    const count = this.list.children.length;
    if (event.key === "Escape" && !this.list.hidden) this.close();
    else if (event.key === "ArrowDown" && !this.list.hidden) this.mark((this.at + 1) % count);
    else if (event.key === "ArrowUp" && !this.list.hidden) this.mark(this.at <= 0 ? count - 1 : this.at - 1);
    else if (event.key === "Enter" && this.at >= 0 && !this.list.hidden) location.assign((this.list.children[this.at] as HTMLElement).dataset["href"] ?? "");
    else return;
    event.preventDefault();
  }

  private mark(at: number): void {
    // who has begun to choose wants no other list under the finger
    clearTimeout(this.timer);
    this.asked?.abort();
    this.list.children[this.at]?.setAttribute("aria-selected", "false");
    const option = this.list.children[at]!;
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", option.id);
    this.at = at;
  }

  private close(): void {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
    this.at = -1;
  }
}

for (const field of document.querySelectorAll<HTMLInputElement>("input[data-suggest]")) new Combobox(field);
