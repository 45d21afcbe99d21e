// Records like the one being typed, asked from the server while typing. Never merges, only shows.

const QUIET = 400;
const SHORTEST = 2;

/** Ask for likely duplicates when one of the panel's fields changes, and show the answer. */
export function watchDuplicates(panel) {
  const inputs = panel.dataset.fields.split(" ").map((id) => document.getElementById(id)).filter(Boolean);
  const body = panel.querySelector("[data-duplicates-body]");
  let waiting;
  let running;

  const ask = async () => {
    running?.abort();
    const values = inputs.map((input) => [input.name, input.value.trim()]);
    if (!values.some(([, value]) => value.length >= SHORTEST)) return show("");
    running = new AbortController();
    const address = new URL(panel.dataset.url, document.baseURI);
    values.forEach(([name, value]) => address.searchParams.set(name, value));
    try {
      const answer = await fetch(address, {
        signal: running.signal,
        headers: { "X-Requested-With": "fetch" },
        credentials: "same-origin",
      });
      if (answer.ok) show(await answer.text());
    } catch (problem) {
      if (problem.name !== "AbortError") show("");
    }
  };

  const show = (html) => {
    const fragment = new DOMParser().parseFromString(html, "text/html").body;
    body.replaceChildren(...fragment.childNodes);
    panel.hidden = body.textContent.trim() === "";
  };

  inputs.forEach((input) => input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, QUIET);
  }));
}
