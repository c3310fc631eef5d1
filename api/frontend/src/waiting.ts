/** A page that says that it is being computed becomes the one that was asked for. Without script the browser loads it again. */

const PLACE = "[data-waiting]";

async function ask(place: HTMLElement): Promise<void> {
  const answer = await fetch(location.href, { headers: { accept: "text/html", prefer: "respond-async" } });
  if (answer.status !== 202) return location.reload();
  const said = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(PLACE);
  // what was said already is not read out again
  if (said && said.textContent !== place.textContent) place.replaceChildren(...said.childNodes);
  later(place);
}

function later(place: HTMLElement): void {
  const seconds = Number(place.dataset["waiting"]);
  window.setTimeout(() => void ask(place).catch(() => later(place)), seconds * 1000);
}

const place = document.querySelector<HTMLElement>(PLACE);
if (place) later(place);
