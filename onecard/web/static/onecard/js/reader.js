/* The reader on this desk, through the bridge `onecard reader serve`. Carries numbered steps between
   the page's server and the card; reads none of them and decides nothing.

     const reader = new OnecardReader();
     reader.on("state", (state) => {});   away | pairing | busy | ready
     reader.on("reader", (name) => {});
     reader.on("card", (present) => {});
     reader.connect();                    the pairing token is kept from the last time
     reader.connect("TOKEN");
     const posted = await reader.carry(step);
     const last = await reader.relay(step, (posted) => postToServer(posted));
*/
"use strict";

(function () {
  const PROTOCOL = "onecard-reader.v1";
  const KEPT = "onecard.reader";
  const AGAIN_MS = 2000;
  const SPARE_MS = 5000;
  const WRONG_TOKEN = 4401;
  const BUSY = 4409;
  const TOO_MANY = 4429;

  function movesMoney(step) {
    return step.apdus.some((apdu) => /^805[24]/.test(apdu.hex));
  }

  class OnecardReader {
    constructor({ port = 8765 } = {}) {
      this.address = `ws://127.0.0.1:${port}/`;
      this.state = "away";
      this.present = false;
      this.name = "";
      this._heard = { state: [], reader: [], card: [] };
      this._waiting = null;
    }

    on(what, listener) {
      this._heard[what].push(listener);
      return this;
    }

    connect(token) {
      if (token) localStorage.setItem(KEPT, token.trim().toUpperCase());
      this.close();
      const kept = localStorage.getItem(KEPT);
      if (!kept) return this._become("pairing");
      this._wanted = true;
      const socket = new WebSocket(this.address, [PROTOCOL]);
      this._socket = socket;
      socket.addEventListener("open", () => socket.send(JSON.stringify({ type: "hello", token: kept })));
      socket.addEventListener("message", (event) => this._hear(JSON.parse(event.data)));
      socket.addEventListener("close", (event) => socket === this._socket && this._lost(event.code));
    }

    close() {
      this._wanted = false;
      clearTimeout(this._again);
      const socket = this._socket;
      this._socket = null;
      if (socket) socket.close();
      this._giveUp();
    }

    /* Carry one step. Never rejects: a lost card is lost_after, an absent reader is reader_error. */
    carry(step) {
      const dialogue = step.dialogue || step.tap;
      const empty = { dialogue, seq: step.seq, answers: [], lost_after: null, reader_error: "" };
      if (this.state !== "ready") return Promise.resolve({ ...empty, reader_error: `reader ${this.state}` });
      if (this._waiting) return Promise.resolve({ ...empty, reader_error: "another step is under way" });
      const patience = step.card_timeout_ms || 3000;
      return new Promise((resolve) => {
        const settle = (posted) => {
          clearTimeout(late);
          this._waiting = null;
          resolve(posted);
        };
        const unknown = { ...empty, lost_after: movesMoney(step) ? 0 : null, reader_error: "bridge lost" };
        const late = setTimeout(() => settle(unknown), patience * step.apdus.length + SPARE_MS);
        this._waiting = { dialogue, seq: step.seq, empty, unknown, settle };
        this._socket.send(JSON.stringify({
          type: "step", dialogue, seq: step.seq, apdus: step.apdus, card_timeout_ms: patience,
        }));
      });
    }

    /* Carry step after step; `post` gives the answers to the server and brings the next step. */
    async relay(step, post) {
      let next = step;
      while (!next.over) next = await post(await this.carry(next));
      return next;
    }

    _hear(told) {
      if (told.type === "ready") {
        this._become("ready");
        this._tell("reader", (this.name = told.reader));
        this._tell("card", (this.present = told.card));
      } else if (told.type === "card") {
        this._tell("card", (this.present = told.present));
      } else if (this._waiting && told.dialogue === this._waiting.dialogue && told.seq === this._waiting.seq) {
        const { empty, settle } = this._waiting;
        const { answers, lost_after, reader_error, says } = told;
        settle(told.type === "answers"
          ? { ...empty, answers, lost_after, reader_error }
          : { ...empty, reader_error: says });
      }
    }

    _lost(code) {
      this._socket = null;
      this._giveUp();
      this._tell("card", (this.present = false));
      if (code === WRONG_TOKEN || code === TOO_MANY) {
        localStorage.removeItem(KEPT);
        return this._become("pairing");
      }
      this._become(code === BUSY ? "busy" : "away");
      if (this._wanted) this._again = setTimeout(() => this.connect(), AGAIN_MS);
    }

    _giveUp() {
      if (this._waiting) this._waiting.settle(this._waiting.unknown);
    }

    _become(state) {
      this.state = state;
      this._tell("state", state);
    }

    _tell(what, value) {
      for (const listener of this._heard[what]) listener(value);
    }
  }

  window.OnecardReader = OnecardReader;
})();
