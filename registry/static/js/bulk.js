// How many rows are chosen, said at the bar of bulk actions.

import { fill } from "./count.js";

/** Keep the bar's count up to date with the checkboxes that belong to its form. */
export function countSelected(bar) {
  const place = bar.querySelector("[data-bulk-count]");
  const plain = place.textContent;
  const boxes = () => [...bar.elements].filter((input) => input.type === "checkbox");
  const show = () => {
    const number = boxes().filter((box) => box.checked).length;
    place.textContent = number ? fill(bar.dataset.bulkText, { number }) : plain;
  };
  document.addEventListener("change", (event) => {
    if (event.target.form === bar) show();
  });
  show();
}
