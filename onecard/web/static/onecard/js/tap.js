/* A tap on a page: asks its server for a step, has a card carry it, posts what the card said.
   The card lies on the reader of this desk (reader.js), or is a simulated one of the demo. */
"use strict";

(function () {
  const room = document.getElementById("tap");
  if (!room) return;
  const said = room.querySelector("[data-said]");
  const places = room.dataset;
  const AGAIN_MS = 1500;
  const MOST_AGAIN = 3;

  function chosen(name) {
    const field = room.querySelector(`[name="${name}"]`);
    return field ? field.value : "";
  }

  function tell(text, kind) {
    said.textContent = text;
    said.dataset.kind = kind || "";
  }

  async function ask(address, body, again = 0) {
    const csrf = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify(body),
    });
    const kind = answer.headers.get("Content-Type") || "";
    if (!kind.includes("application/json")) throw new Error(places.wordBroken);
    const told = await answer.json();
    if (answer.ok) return told;
    if (told.again && again < MOST_AGAIN) {
      await new Promise((later) => setTimeout(later, AGAIN_MS));
      return ask(address, body, again + 1);
    }
    throw new Error([told.said, told.why, told.next].filter(Boolean).join(" "));
  }

  /* A card of the demo, held by the choice on the page; mischief is what an unlucky or lying
     holder does while money moves. */
  class DemoWire {
    async carry(step) {
      const mischief = chosen("mischief");
      const money = step.moves_money;
      const tear = money && /^(before|during|after)_credit$/.test(mischief) ? mischief : "";
      const held = await ask(places.hold, { card: chosen("card"), step, tear });
      const posted = { dialogue: step.tap, seq: step.seq, ...held };
      if (money && mischief === "network") throw new Error(places.wordNetwork);
      if (money && mischief === "lie") return { ...posted, answers: [], lost_after: 0 };
      return posted;
    }
  }

  const reader = window.OnecardReader && places.reader ? new window.OnecardReader() : null;
  const demo = new DemoWire();

  function wire() {
    return chosen("card") ? demo : reader;
  }

  async function tap() {
    const through = wire();
    if (!through) return tell(places.wordNoCard, "stop");
    busy(true);
    tell(places.wordHold, "wait");
    try {
      let step = await ask(places.begin, {});
      while (!step.over) step = await ask(places.answer, await through.carry(step));
      tell(step.said, "ok");
      if (step.next) location.assign(step.next);
    } catch (error) {
      tell(error.message, "stop");
    }
    busy(false);
  }

  function busy(is) {
    room.querySelectorAll("[data-hold]").forEach((button) => (button.disabled = is));
    room.setAttribute("aria-busy", is ? "true" : "false");
  }

  if (reader) {
    const state = room.querySelector("[data-reader-state]");
    const pair = room.querySelector("[data-pair]");
    const show = (word) => state && (state.textContent = places[word] || "");
    reader.on("state", (now) => {
      show({ away: "wordAway", pairing: "wordPairing", busy: "wordBusy", ready: "wordReady" }[now]);
      if (pair) pair.hidden = now !== "pairing";
    });
    reader.on("card", (present) => reader.state === "ready" && show(present ? "wordCard" : "wordReady"));
    reader.connect();
    if (pair) pair.querySelector("button").addEventListener("click", () => reader.connect(pair.querySelector("input").value));
  }
  room.querySelectorAll("[data-hold]").forEach((button) => button.addEventListener("click", tap));
  busy(false);
})();
