// Characters typed against the most allowed, counted as the server counts what is sent:
// code points, a line break as two (forms send CR LF).

const QUIET = 600;

/** Keep the line `place` up to date with its field; say it aloud only when the typing pauses. */
export function countCharacters(place) {
  const input = document.getElementById(place.dataset.countFor);
  if (!input) return;
  const most = Number(place.dataset.countMost);
  const spoken = document.createElement("span");
  spoken.className = "hide";
  spoken.setAttribute("aria-live", "polite");
  place.after(spoken);

  const words = () => {
    const typed = [...input.value.replace(/\r?\n/g, "\r\n")].length;
    const text = typed > most ? place.dataset.countOver : place.dataset.countText;
    place.dataset.state = typed > most ? "over" : "within";
    return fill(text, { typed, most, over: typed - most });
  };

  let waiting;
  input.addEventListener("input", () => {
    place.textContent = words();
    clearTimeout(waiting);
    waiting = setTimeout(() => { spoken.textContent = place.textContent; }, QUIET);
  });
  place.textContent = words();
}

/** Put values into a translated text with {name} places; numbers get separators. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    return typeof value === "number" ? value.toLocaleString("en-US") : value;
  });
}
