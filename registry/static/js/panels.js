// Panels that a button opens: Escape closes the innermost open one and gives the focus back.

/** Close panels by Escape; menus over the page (not those in its flow) also by a click outside. */
export function closePanels(page) {
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const panel = event.target.closest?.("details[data-pop][open]") ?? page.querySelector(".user[open]");
    if (!panel) return;
    panel.open = false;
    panel.querySelector("summary").focus();
    event.stopPropagation();
  });
  page.addEventListener("click", (event) => {
    page.querySelectorAll(".user[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
}
