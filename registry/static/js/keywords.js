// Chips over a plain text input of words separated by 、. The input stays what is sent.

import { fill } from "./count.js";

const SEPARATORS = /[、，,;；\n]+/;

/** The words of a text, trimmed, each once, in order. */
export function split(text) {
  return [...new Set(text.split(SEPARATORS).map((word) => word.trim()).filter(Boolean))];
}

/** Turn one field into a list of chips with a line to add more; offered words become chips to take. */
export function offerKeywords(field) {
  const sent = field.querySelector("input");
  const offer = field.querySelector(".keywords__offer");
  const offered = [...field.querySelectorAll("[data-word]")].map((span) => span.textContent);
  let words = split(sent.value);

  const line = sent.cloneNode();
  line.value = "";
  line.removeAttribute("name");
  line.removeAttribute("required");
  line.dataset.width = "md";
  sent.type = "hidden";
  sent.removeAttribute("id");

  const list = element("ul", { className: "keywords__list" });
  list.setAttribute("aria-label", field.dataset.chosen);
  const add = element("button", { className: "button", type: "button", textContent: field.dataset.add });
  add.dataset.type = "quiet";
  const row = element("div", { className: "row" });
  row.append(line, add);
  sent.after(list, row);
  if (offer) offer.setAttribute("aria-live", "polite");

  const take = (more) => {
    words = split([...words, ...more].join("、"));
    show();
  };
  const drop = (word) => {
    words = words.filter((other) => other !== word);
    show();
    (list.querySelector("button") ?? line).focus();
  };

  function show() {
    sent.value = words.join("、");
    list.replaceChildren(...words.map((word) => item(chip(word, "on", field.dataset.remove, () => drop(word)))));
    if (offer) showOffer();
    sent.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function showOffer() {
    const rest = offered.filter((word) => !words.includes(word));
    offer.replaceChildren(
      offer.firstElementChild,
      ...rest.map((word) => chip(word, "off", field.dataset.offer, () => { take([word]); line.focus(); })),
    );
    offer.hidden = rest.length === 0;
  }

  const fromLine = () => {
    if (!line.value.trim()) return;
    take(split(line.value));
    line.value = "";
    line.focus();
  };
  add.addEventListener("click", fromLine);
  line.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !line.value.trim()) return;
    event.preventDefault();
    fromLine();
  });
  // What stands in the line when the form is sent counts as added.
  line.form?.addEventListener("submit", () => { sent.value = split([...words, ...split(line.value)].join("、")).join("、"); });
  show();
}

function chip(word, state, label, act) {
  const button = element("button", { className: "keyword", type: "button", textContent: word });
  button.dataset.state = state;
  button.setAttribute("aria-label", fill(label, { word }));
  button.addEventListener("click", act);
  return button;
}

function item(content) {
  const li = element("li", {});
  li.append(content);
  return li;
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}
