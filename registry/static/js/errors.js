// The summary of errors takes the focus; its links lead into the field itself.

/** Focus the summary, and make each of its links focus the input it names. */
export function focusErrors(page) {
  const summary = page.querySelector("[data-errors]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const input = link && page.getElementById(link.hash.slice(1));
    if (!input) return;
    event.preventDefault();
    const label = input.closest(".field") ?? input;
    label.scrollIntoView({ block: "start" });
    input.focus({ preventScroll: true });
  });
}
