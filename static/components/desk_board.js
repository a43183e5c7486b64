/* The board by keyboard, pointer and finger; the forms are the page's own, and only what changed is read anew. */

const LOOK_AGAIN = 5000; // milliseconds between two looks at what colleagues do
const FEW = 8; // cards among the unfiled below which more are read

const parsed = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");
const announce = (...parts) => window.participation.announce(parts.filter(Boolean).join(" ").replace(/\s+/g, " ").trim());
const filled = (text, values) => Object.entries(values).reduce((made, [name, value]) => made.replace(`{${name}}`, value), text);

class Board {
  // `seen` is the step of the board that everything shown knows of, `last` where something was filed last.
  constructor(root) {
    this.root = root;
    this.seen = Number(root.dataset.version);
    this.newest = this.seen;
    this.last = null;
  }

  get form() { return this.root.querySelector("#board-form"); }
  get rest() { return this.root.querySelector("#rest"); }
  get columns() { return [...this.root.querySelectorAll("[data-column]")]; }
  get chosen() { return [...this.root.querySelectorAll("[data-card]")].filter((card) => this.box(card).checked); }
  get here() { return document.activeElement?.closest?.("[data-card]"); }
  get busy() { return this.root.getAttribute("aria-busy") === "true"; }
  box(card) { return card.querySelector("[name=ideas]"); }
  cardsOf(column) { return [...column.querySelectorAll("[data-card]")].filter((card) => !card.hasAttribute("data-gone")); }
  columnOf(card) { return card.closest("[data-column]"); }
  columnBy(id) { return this.root.querySelector(`[data-column="${id}"]`); }

  // ---- where the focus is ----
  focus(card) {
    if (!card) return false;
    const link = card.querySelector(".board-card__title") ?? card;
    link.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }

  focusColumn(column) {
    const title = column.querySelector("[data-column-title]");
    (title.querySelector("a") ?? title).focus({ preventScroll: true });
    column.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }

  step(by, selecting) {
    const card = this.here;
    const column = card ? this.columnOf(card) : document.activeElement.closest?.("[data-column]") ?? this.rest;
    const cards = this.cardsOf(column);
    if (!card) return by > 0 && cards.length ? this.focus(cards[0]) : false;
    const at = cards.indexOf(card);
    const next = cards[at + by];
    if (selecting) {
      this.choose(card, true);
      if (next) this.choose(next, true);
    }
    if (!next && by > 0) column.querySelector("[data-more]")?.focus();
    return next ? this.focus(next) : by < 0 && !selecting ? this.focusColumn(column) : true;
  }

  side(by) {
    const columns = this.columns;
    const at = columns.indexOf(document.activeElement.closest?.("[data-column]"));
    const column = columns[Math.max(0, Math.min(columns.length - 1, at + by))];
    if (at < 0 || column === columns[at]) return at >= 0;
    return this.focus(this.cardsOf(column)[0]) || this.focusColumn(column);
  }

  // ---- choosing ----
  choose(card, is) {
    const box = this.box(card);
    if (box.checked === is) return;
    box.checked = is;
    this.count();
  }

  upTo(card) {
    const cards = this.cardsOf(this.columnOf(card));
    const [from, to] = [cards.indexOf(this.anchor), cards.indexOf(card)];
    if (from < 0 || to < 0) return;
    for (const one of cards.slice(Math.min(from, to), Math.max(from, to) + 1)) this.box(one).checked = true;
    this.count();
  }

  count() {
    const output = this.root.querySelector("[data-chosen]");
    const number = this.chosen.length;
    const text = number ? filled(output.dataset.some, { count: number }) : output.dataset.none;
    if (output.textContent !== text) output.textContent = text;
    this.root.toggleAttribute("data-any", number > 0);
  }

  // What is meant: the chosen cards, or the one with the focus.
  meant() {
    const chosen = this.chosen;
    return chosen.length ? chosen : this.here ? [this.here] : [];
  }

  // ---- sending ----
  fields(more, cards = []) {
    const fields = new URLSearchParams({ csrf_token: this.form.elements.csrf_token.value, seen: this.seen, back: "board", parts: "1", query: this.root.dataset.query });
    for (const card of cards) fields.append("ideas", card.dataset.card);
    if (this.form.elements.bundles?.checked) fields.set("bundles", "1");
    for (const [name, value] of Object.entries(more)) fields.set(name, value);
    return fields;
  }

  file(cards, clusterId, placing = "auto") {
    if (!cards.length) return this.tell(this.root.dataset.first);
    this.last = { clusterId, placing };
    return this.send(this.form.action, this.fields({ into: clusterId, placing }, cards), { cards });
  }

  takeOut(cards) {
    const filed = cards.filter((card) => card.dataset.card.includes("."));
    if (!filed.length) return this.tell(this.root.dataset.first);
    return this.send(this.form.action, this.fields({ out: "1" }, filed), { cards: filed, isRestNew: true });
  }

  // A theme goes one place along; the others keep theirs, and so does the focus.
  move(button) {
    const column = button.closest("[data-column]");
    const { dataset: { column: id }, parentElement: grid } = column;
    const other = button.name === "earlier" ? column.previousElementSibling : column.nextElementSibling;
    const isEarlier = button.name === "earlier";
    return this.send(button.formAction, this.fields({ [button.name]: id }), {
      where: () => {
        if (other) grid.insertBefore(isEarlier ? this.columnBy(id) : other, isEarlier ? other : this.columnBy(id));
        this.focusColumn(this.columnBy(id));
      },
    });
  }

  async send(address, fields, { cards = [], isRestNew = false, where = null } = {}) {
    if (this.busy) return;
    const place = this.placeAfter(cards);
    this.root.setAttribute("aria-busy", "true");
    this.tell("");
    try {
      const answer = await fetch(address, { method: "POST", body: fields, headers: { Accept: "text/html" } });
      const page = await parsed(answer);
      if (answer.status === 409) return this.clash(page);
      const fresh = page.querySelector("[data-component~='desk-board']");
      if (!answer.ok || !fresh) return this.complain(page, answer);
      this.take(fresh, { cards, isRestNew });
      announce(page.querySelector(".messages")?.textContent, this.root.querySelector("#board-coverage a")?.textContent);
      this.closeConflict();
      if (this.hasOtherThemes(fresh)) return await this.show();
      (where ?? place)();
      this.look();
    } catch {
      this.tell(this.root.dataset.gone);
    } finally {
      this.root.removeAttribute("aria-busy");
    }
  }

  // The focus goes on to the next card of the column, or to its name.
  placeAfter(cards) {
    const at = this.here;
    if (!at) return this.placeNear(document.activeElement);
    const column = this.columnOf(at);
    const all = this.cardsOf(column);
    const staying = all.filter((card) => !cards.includes(card));
    const next = cards.includes(at) ? all.slice(all.indexOf(at)).find((card) => staying.includes(card)) ?? staying.at(-1) : at;
    const [id, token] = [column.dataset.column, next?.dataset.card];
    return () => {
      const now = this.columnBy(id) ?? this.rest;
      const card = token && now.querySelector(`[data-card="${token}"]`);
      if (!this.focus(card ?? this.cardsOf(now)[0])) this.focusColumn(now);
    };
  }

  // A button that was pressed may be gone with its column: then its column has the focus, so that keys go on working.
  placeNear(button) {
    const id = button?.closest?.("[data-column]")?.dataset.column;
    const isUndo = Boolean(button?.closest?.("#board-undo"));
    return () => {
      if (this.root.contains(document.activeElement)) return;
      const undo = isUndo && this.root.querySelector("#board-undo button");
      const column = id && this.columnBy(id);
      if (undo) undo.focus();
      else if (column) this.focusColumn(column);
      else this.root.focus({ preventScroll: true });
    };
  }

  // ---- taking over what an answer brings ----
  take(fresh, { cards = [], isRestNew = false, isAll = false } = {}) {
    const [before, after] = [this.root, fresh].map((one) => Number(one.querySelector("#board-coverage").dataset.unfiled));
    const others = this.form.elements.bundles?.checked && before - after > cards.length; // What is bundled came along.
    for (const column of fresh.querySelectorAll("[data-columns] > [data-column]")) this.put(column);
    for (const id of ["board-coverage", "board-undo"]) {
      const [old, now] = [this.root.querySelector(`#${id}`), fresh.querySelector(`#${id}`)];
      if (old && now) old.replaceWith(document.importNode(now, true));
    }
    this.root.querySelector("#rest [data-count]").textContent = fresh.querySelector("#rest [data-count]").textContent;
    if (isRestNew || isAll || others) this.renewRest(fresh);
    else for (const card of cards) if (this.columnOf(card) === this.rest) card.remove();
    for (const card of this.chosen) if (cards.some((one) => one.dataset.card === card.dataset.card)) this.box(card).checked = false;
    this.newest = Math.max(this.newest, Number(fresh.dataset.version));
    this.count();
    if (this.cardsOf(this.rest).length < FEW) this.more(this.rest, false);
  }

  // Undoing may bring a theme back or take one away.
  hasOtherThemes(fresh) {
    const ids = [...fresh.querySelectorAll("#file-cluster option")].map((one) => one.value).filter((value) => value !== "0");
    return ids.length !== this.columns.length - 1 || ids.some((id) => !this.columnBy(id));
  }

  put(column) {
    const old = this.columnBy(column.dataset.column);
    if (!old) return;
    const kept = new Set(this.cardsOf(old).filter((card) => this.box(card).checked).map((card) => card.dataset.card));
    const now = document.importNode(column, true);
    for (const card of now.querySelectorAll("[data-card]")) this.box(card).checked = kept.has(card.dataset.card);
    old.replaceWith(now);
  }

  renewRest(fresh) {
    const kept = new Set(this.chosen.map((card) => card.dataset.card));
    for (const part of ["[data-cards]", ".board-more"]) {
      this.rest.querySelector(part).replaceWith(document.importNode(fresh.querySelector(`#rest ${part}`), true));
    }
    for (const card of this.rest.querySelectorAll("[data-card]")) this.box(card).checked = kept.has(card.dataset.card);
  }

  async more(column, isAsked = true) {
    const link = column.querySelector("[data-more]");
    if (!link || column.hasAttribute("aria-busy")) return;
    column.setAttribute("aria-busy", "true");
    try {
      const address = new URL(link.href);
      if (!address.searchParams.has("only")) address.searchParams.set("only", "0");
      const page = await parsed(await fetch(address));
      const source = page.querySelector(`[data-column="${column.dataset.column}"]`);
      const known = new Set(this.cardsOf(column).map((card) => card.dataset.card));
      const fresh = [...source.querySelectorAll("[data-card]")].filter((card) => !known.has(card.dataset.card));
      const added = fresh.map((card) => document.importNode(card, true));
      column.querySelector("[data-cards]").append(...added);
      column.querySelector(".board-more").replaceWith(document.importNode(source.querySelector(".board-more"), true));
      if (isAsked) this.focus(added[0]);
    } catch {
      if (isAsked) location.href = link.href;
    } finally {
      column.removeAttribute("aria-busy");
    }
  }

  // ---- what goes wrong ----
  tell(text) {
    const told = this.root.querySelector("[data-told]");
    told.hidden = !text;
    told.querySelector("[data-told-text]").textContent = text;
    if (text) announce(text);
  }

  complain(page, answer) {
    const errors = [...page.querySelectorAll(".error-summary li, main .alert--error .alert__body")].map((one) => one.textContent.trim());
    this.tell(errors.join(" ") || page.querySelector("main h1")?.textContent || String(answer.status));
  }

  clash(page) {
    const part = page.querySelector("[data-conflict]");
    const place = this.root.querySelector("[data-conflict-place]");
    if (!part) return this.complain(page, { status: 409 });
    if (!place.open) this.before = document.activeElement;
    place.replaceChildren(document.importNode(part, true));
    if (!place.open) place.showModal();
    place.querySelector("[data-conflict-title]")?.focus();
  }

  closeConflict() {
    const place = this.root.querySelector("[data-conflict-place]");
    if (place.open) place.close();
  }

  // ---- what colleagues do ----
  async look() {
    if (document.hidden) return;
    const answer = await fetch(`${this.root.dataset.state}?since=${this.seen}`).catch(() => null);
    if (!answer?.ok || !this.root.isConnected) return;
    const state = await answer.json();
    const others = state.changes.filter((one) => !one.mine);
    this.newest = Math.max(this.newest, state.version);
    if (!others.length && state.all) {
      this.seen = state.version;
      this.form.elements.seen.value = this.seen;
      return;
    }
    this.mark(others);
  }

  // Nothing moves under anybody's hand: what changed is marked, and shown when it is asked for.
  mark(changes) {
    const { dataset } = this.root;
    for (const change of changes) {
      for (const id of change.clusters) {
        const sign = this.columnBy(id)?.querySelector("[data-stale]");
        if (!sign) continue;
        sign.hidden = false;
        sign.firstElementChild.textContent = `${filled(dataset.changedBy, { name: change.by || "–" })}: ${dataset.show}`;
      }
      if (!["file", "split", "import"].includes(change.kind)) continue;
      for (const id of change.ideas) {
        const card = this.rest.querySelector(`[data-idea="${id}"]`);
        if (!card || card.hasAttribute("data-theirs")) continue;
        card.dataset.theirs = filled(dataset.filedBy, { name: change.by || "–" });
        const sign = Object.assign(document.createElement("p"), { className: "board-card__theirs", textContent: card.dataset.theirs });
        card.querySelector(".board-card__body").append(sign);
      }
    }
    const news = this.root.querySelector("[data-news]");
    const latest = changes.at(-1);
    if (!latest || news.dataset.number === String(latest.number)) return;
    news.dataset.number = latest.number;
    news.hidden = false;
    const text = `${latest.by ? `${latest.by}: ` : ""}${latest.sentence}${changes.length > 1 ? ` (+${changes.length - 1})` : ""}`;
    news.querySelector("[data-news-text]").textContent = text;
    announce(text);
  }

  async show() {
    const at = this.here?.dataset.card;
    const address = new URL(this.root.dataset.url, location.href);
    address.search = this.root.dataset.query;
    try {
      const page = await parsed(await fetch(address));
      const fresh = page.querySelector("[data-component~='desk-board']");
      const grid = this.root.querySelector("[data-columns]");
      const order = [...fresh.querySelectorAll("[data-columns] > [data-column]")].map((one) => one.dataset.column);
      for (const one of this.columns) if (one !== this.rest && !order.includes(one.dataset.column)) one.remove();
      for (const one of fresh.querySelectorAll("[data-columns] > [data-column]")) {
        if (!this.columnBy(one.dataset.column)) grid?.append(document.importNode(one, true));
      }
      this.take(fresh, { isAll: true });
      for (const id of order) grid?.append(this.columnBy(id));
      this.form.elements.cluster?.replaceChildren(...document.importNode(fresh.querySelector("#file-cluster"), true).childNodes);
      this.seen = Number(fresh.dataset.version);
      this.form.elements.seen.value = this.seen;
      this.root.querySelector("[data-news]").hidden = true;
      if (!this.focus(at && this.root.querySelector(`[data-card="${at}"]`))) this.root.focus();
    } catch {
      location.reload();
    }
  }
}

window.participation.component("desk-board", (root) => {
  const board = new Board(root);
  root.board = board;
  root.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (form.method !== "post" || form.dataset.plain || submitter?.matches("[data-plain]")) return;
    event.preventDefault();
    if (form === board.form) return submit(board, submitter);
    const fields = new URLSearchParams(new FormData(form, submitter));
    fields.set("parts", "1");
    board.send(form.action, fields, { isRestNew: true, where: board.before && (() => board.before.isConnected ? board.before.focus() : root.focus()) });
  });
  root.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-more], [data-news-show], [data-leave]");
    if (link && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (link.matches("[data-more]")) board.more(board.columnOf(link));
      else if (link.matches("[data-leave]")) board.closeConflict();
      else board.show();
    }
    const box = event.target.closest?.("[name=ideas]");
    const card = box?.closest("[data-card]");
    if (!card) return;
    if (event.shiftKey && box.checked && board.anchor?.isConnected) board.upTo(card);
    board.anchor = card;
  });
  root.addEventListener("change", () => board.count());
  board.root.querySelector("[data-conflict-place]").addEventListener("close", () => {
    if (board.before?.isConnected) board.before.focus();
    board.before = null;
  });
  board.count();
  const looking = setInterval(() => (root.isConnected ? board.look() : clearInterval(looking)), LOOK_AGAIN);
});

// A button of the page's own form: file, file here, take out, take a proposal, move a theme.
function submit(board, button) {
  const cards = board.chosen;
  const name = button?.name;
  if (name === "take") {
    const card = button.closest("[data-card]");
    return board.send(board.form.action, board.fields({ take: button.value }), { cards: [card] });
  }
  if (button?.matches("[data-order]")) return board.move(button);
  if (name === "out") return board.takeOut(cards);
  const into = name === "into" ? button.value : board.form.elements.cluster.value;
  if (into === "0") return board.form.elements.cluster.focus();
  return board.file(cards, into, board.form.elements.placing.value);
}
