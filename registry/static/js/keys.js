// Single keys for those who work through long lists. They can be switched off (WCAG 2.1.4), and
// never work while typing, with a modifier, or on a page that has no list.

const MEMORY = "musubi.keys";

/** Listen to keys on a page that holds a list (`data-keys`); rows are `data-key-row`. */
export function listenToKeys(page) {
  const list = page.querySelector("[data-keys]");
  if (!list) return;
  const switches = [...page.querySelectorAll("[data-keys-switch]")];
  switches.forEach((box) => {
    box.closest("label").hidden = false;
    box.checked = isOn();
    box.addEventListener("change", () => {
      remember(box.checked);
      switches.forEach((other) => { other.checked = box.checked; });
    });
  });
  page.addEventListener("keydown", (event) => {
    if (!isOn() || !isPlain(event) || isTyping(event.target)) return;
    if (act(page, list, event.key.toLowerCase())) event.preventDefault();
  });
  list.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-key-row]");
    if (row) choose(list, row);
  });
}

/** Carry out a key; true when it meant something here. */
function act(page, list, key) {
  if (key === "j") return move(list, 1);
  if (key === "k") return move(list, -1);
  if (key === "/") return focus(page.querySelector("input[type='search']"));
  if (key === "?") return focus(page.querySelector("[data-keys-help]"));
  const row = current(list);
  const wanted = `[data-key="${CSS.escape(key)}"]`;
  if (key === "o" && row) return press(row?.querySelector("[data-key-main]"));
  const inRow = row?.querySelector(wanted);
  const onPage = [...page.querySelectorAll(wanted)].find((place) => !place.closest("[data-key-row]"));
  return press(inRow ?? onPage);
}

function move(list, step) {
  const rows = [...list.querySelectorAll("[data-key-row]")];
  if (rows.length === 0) return false;
  const at = rows.indexOf(current(list));
  const next = rows[at < 0 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1)];
  choose(list, next);
  next.scrollIntoView({ block: "nearest" });
  return focus(next.querySelector("[data-key-main]") ?? next.querySelector("a, button, input"));
}

function current(list) {
  return list.querySelector("[data-key-row][aria-current='true']");
}

function choose(list, row) {
  list.querySelectorAll("[data-key-row][aria-current]").forEach((other) => other.removeAttribute("aria-current"));
  row.setAttribute("aria-current", "true");
}

function focus(place) {
  place?.focus();
  return Boolean(place);
}

function press(place) {
  if (!place) return false;
  if (place.tagName === "SUMMARY") focus(place);
  place.click();
  return true;
}

/** No modifier, no input method; held down, a key only moves. */
function isPlain(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  return !event.repeat || ["j", "k"].includes(event.key);
}

function isTyping(place) {
  const quiet = ["checkbox", "radio", "button", "submit"];
  return place.isContentEditable || ["TEXTAREA", "SELECT"].includes(place.tagName)
    || (place.tagName === "INPUT" && !quiet.includes(place.type));
}

function isOn() {
  try {
    return localStorage.getItem(MEMORY) !== "off";
  } catch {
    return true;
  }
}

function remember(on) {
  try {
    localStorage.setItem(MEMORY, on ? "on" : "off");
  } catch {
    // A browser without storage keeps the keys on.
  }
}
