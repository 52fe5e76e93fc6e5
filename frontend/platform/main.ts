// What pages of the platform need beyond HTML: styles, parts of pages by htmx, and a menu on the phone.
import "@tabler/core/dist/css/tabler.min.css";
import "./style.css";
import "htmx.org";
import "./icon.svg?no-inline";

// The menu opens and closes without a framework; its state is told to screen readers.
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-opens]")) {
  const opened = document.getElementById(button.dataset.opens ?? "");
  button.addEventListener("click", () => {
    const open = opened?.classList.toggle("show") ?? false;
    button.setAttribute("aria-expanded", String(open));
  });
}

// Choices that take effect at once still work without this script, by the button beside them.
for (const field of document.querySelectorAll<HTMLSelectElement>("select[data-submits]")) {
  field.addEventListener("change", () => field.form?.requestSubmit());
}

// Charts come as a script of their own, so that lists and forms stay light.
async function drawCharts(): Promise<void> {
  if (!document.querySelector("[data-chart]")) return;
  const charts = await import("./charts");
  await charts.draw(document);
}

// What is wider than the screen is pushed with the keyboard too.
function reachWideTables(): void {
  for (const box of document.querySelectorAll<HTMLElement>(".table-responsive:not([tabindex])")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }
}

function complete(): void {
  void drawCharts();
  reachWideTables();
}
complete();
addEventListener("resize", reachWideTables);
document.addEventListener("htmx:after:swap", complete);
