/* Desks: keys that lead somewhere, a reminder before a session ends. Pages work without it. */
"use strict";

/* F-keys shown beside links and buttons press them; a form that is half filled stays where it is. */
const keyed = new Map();
for (const mark of document.querySelectorAll("kbd")) {
  const target = mark.closest("a, button, label");
  if (target) keyed.set(mark.textContent.trim(), target);
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const target = keyed.get(event.key);
  if (!target) return;
  event.preventDefault();
  if (target.tagName === "LABEL") document.getElementById(target.htmlFor).focus();
  else { target.focus(); target.click(); }
});

/* Enter goes to the next question; only a button submits. A form of one scan field is the exception. */
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || event.isComposing || field.tagName !== "INPUT") return;
  const form = field.form;
  if (!form || "scan" in form.dataset || field.type === "submit") return;
  event.preventDefault();
  const all = [...form.elements].filter((one) => one.offsetParent && !one.disabled && one.type !== "hidden");
  const next = all.slice(all.indexOf(field) + 1).find((one) => one.type !== "radio" || one.checked || !one.form.querySelector(`[name="${one.name}"]:checked`));
  if (next) next.focus();
});

/* The session: a reminder in good time, then a cover that keeps what was typed. */
const watch = document.getElementById("watch");
if (watch) {
  let ends = Date.now() + 1000 * Number(watch.dataset.left);
  const soon = watch.querySelector("[data-soon]");
  const over = watch.querySelector("[data-over]");
  const button = watch.querySelector("[data-stay-on]");
  const again = watch.querySelector("[data-sign-in]");

  const show = (isOver) => {
    if (watch.hidden || over.hidden === isOver) {
      soon.hidden = isOver;
      over.hidden = again.hidden = !isOver;
      watch.hidden = false;
      document.body.classList.toggle("locked", isOver);
    }
  };
  const stay = async () => {
    const answer = await fetch(watch.dataset.stay, { cache: "no-store" });
    if (!answer.ok) return show(true);
    const fresh = await answer.json();
    ends = Date.now() + 1000 * fresh.left;
    for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = fresh.token;
    watch.hidden = true;
    document.body.classList.remove("locked");
  };
  button.addEventListener("click", stay);
  setInterval(() => {
    const left = (ends - Date.now()) / 1000;
    if (left <= 0) show(true);
    else if (left <= Number(watch.dataset.warn)) show(false);
  }, 1000);
}
