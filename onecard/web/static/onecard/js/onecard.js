/* Small conveniences. Every page works without this file. */
"use strict";

/* After a form came back with problems, begin at their summary. */
function begin(root) {
  const summary = root.querySelector(".problems");
  if (summary) summary.focus();
}

/* A form that was sent waits for its answer; the server keeps double sending harmless anyway. */
function sentOnce(event) {
  const form = event.target;
  if (form.method !== "post" || "again" in form.dataset) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
}

document.addEventListener("submit", sentOnce);
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

/* With HTMX: a form that came back with problems replaces itself and says so in the title. */
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status !== 422) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});
document.addEventListener("htmx:afterSettle", (event) => begin(event.target));
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest("form");
  if (form) delete form.dataset.sent;
});

begin(document);
