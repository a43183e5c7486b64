/* What hands do on the board: keys, dragging with pointer or finger, finding a theme by typing. */
const FAR = 6; // pixels from which on a press is a drag
const EDGE = 64; // pixels from the edge of the window within which it scrolls along
const isBackwards = () => document.documentElement.dir === "rtl";
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

// ---- finding a theme by typing ----
class Picker {
  constructor(board) {
    this.board = board;
    this.dialog = board.root.querySelector("[data-picker]");
    this.words = this.dialog.querySelector("[data-picker-words]");
    this.list = this.dialog.querySelector("[data-picker-list]");
    this.words.addEventListener("input", () => this.fill());
    this.words.addEventListener("keydown", (event) => this.press(event));
    this.list.addEventListener("click", (event) => this.take(event.target.closest("[data-theme]")));
    this.dialog.addEventListener("close", () => this.at?.isConnected && this.board.focus(this.at));
  }

  open(cards, placing) {
    if (!cards.length) return this.board.tell(this.board.root.dataset.first);
    this.cards = cards;
    this.placing = placing;
    this.at = this.board.here ?? cards[0];
    const title = this.dialog.querySelector("[data-picker-title]");
    title.textContent = placing === "also" ? title.dataset.touch : title.dataset.file;
    const what = this.dialog.querySelector("[data-picker-what]");
    what.textContent = cards.length > 1 ? what.dataset.many.replace("{count}", cards.length) : cards[0].querySelector(".board-card__title").textContent;
    this.words.value = "";
    this.fill();
    this.dialog.showModal();
    this.words.focus();
  }

  // Themes proposed for the card come first, then the one used last, then the order of the board.
  get themes() {
    const options = [...this.board.root.querySelectorAll("#file-cluster option")].filter((one) => one.value !== "0");
    const proposed = [...(this.cards[0]?.querySelectorAll("[data-take]") ?? [])].map((one) => one.value.split(".")[1]);
    const rank = (one) => {
      const at = proposed.indexOf(one.value);
      return at >= 0 ? at : one.value === this.board.last?.clusterId ? proposed.length : proposed.length + 1;
    };
    return options.sort((left, right) => rank(left) - rank(right));
  }

  fill() {
    const wanted = fold(this.words.value).split(/\s+/).filter(Boolean);
    const found = this.themes.filter((one) => wanted.every((word) => fold(one.textContent).includes(word)));
    this.list.replaceChildren(...found.map((one, at) => {
      const entry = Object.assign(document.createElement("li"), { id: `board-theme-${one.value}`, role: "option", textContent: one.textContent, lang: one.lang, className: "board-picker__theme" });
      entry.setAttribute("role", "option");
      entry.setAttribute("aria-selected", String(at === 0));
      entry.dataset.theme = one.value;
      return entry;
    }));
    if (!found.length) {
      const nothing = Object.assign(document.createElement("li"), { className: "muted", textContent: this.list.dataset.nothing });
      nothing.setAttribute("role", "option");
      nothing.setAttribute("aria-disabled", "true");
      this.list.append(nothing);
    }
    this.mark(found.length ? this.list.firstElementChild : null);
  }

  mark(entry) {
    for (const one of this.list.querySelectorAll("[aria-selected]")) one.setAttribute("aria-selected", String(one === entry));
    if (entry) this.words.setAttribute("aria-activedescendant", entry.id);
    else this.words.removeAttribute("aria-activedescendant");
    entry?.scrollIntoView({ block: "nearest" });
  }

  press(event) {
    const entries = [...this.list.querySelectorAll("[data-theme]")];
    const at = entries.findIndex((one) => one.getAttribute("aria-selected") === "true");
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (next !== undefined && entries.length) this.mark(entries[(next + entries.length) % entries.length]);
    else if (event.key === "Enter" && !event.isComposing) this.take(entries[at]);
    else return;
    event.preventDefault();
  }

  take(entry) {
    if (!entry) return;
    const { cards, placing, board, at } = this;
    this.at = null;
    this.dialog.close();
    board.focus(at);
    board.file(cards.filter((card) => card.isConnected), entry.dataset.theme, placing);
  }
}

// ---- keys ----
const KEYS = {
  j: (board) => board.step(1),
  k: (board) => board.step(-1),
  l: (board) => board.side(1),
  h: (board) => board.side(-1),
  ArrowDown: (board, { shiftKey }) => board.step(1, shiftKey),
  ArrowUp: (board, { shiftKey }) => board.step(-1, shiftKey),
  ArrowRight: (board) => board.side(isBackwards() ? -1 : 1),
  ArrowLeft: (board) => board.side(isBackwards() ? 1 : -1),
  x: (board) => {
    const card = board.here;
    if (!card) return false;
    board.choose(card, !board.box(card).checked);
    board.anchor = card;
    return true;
  },
  a: (board) => {
    const column = document.activeElement.closest?.("[data-column]");
    if (!column) return false;
    const cards = board.cardsOf(column);
    const is = !cards.every((card) => board.box(card).checked);
    for (const card of cards) board.box(card).checked = is;
    board.count();
    return true;
  },
  f: (board) => (board.picker.open(board.meant(), "auto"), true),
  t: (board) => (board.picker.open(board.meant(), "also"), true),
  ".": (board) => Boolean(board.last && board.file(board.meant(), board.last.clusterId, board.last.placing)),
  m: (board) => {
    const card = board.here;
    const clusterId = card && board.columnOf(card).dataset.column;
    return clusterId > 0 && Boolean(board.file([card], clusterId, "main"));
  },
  r: (board) => (board.takeOut(board.meant()), true),
  n: (board) => {
    for (const card of board.meant()) board.box(card).checked = true;
    board.form.querySelector("[data-plain]").click();
    return true;
  },
  u: (board) => press(board, "#board-undo button"),
  s: (board) => press(board, "[data-news]:not([hidden]) [data-news-show]"),
  w: (board) => {
    const why = board.here?.querySelector("[data-why]");
    if (why) why.open = !why.open;
    return Boolean(why);
  },
  p: (board) => press(board, "[data-proposals] a"),
  "-": (board) => order(board, "earlier"),
  "+": (board) => order(board, "later"),
  "?": (board) => press(board, "[data-keys-list] > summary"),
  "/": (board) => {
    const words = board.root.querySelector("[type=search]");
    words.focus();
    words.select();
    return true;
  },
  Escape: (board) => {
    const open = board.root.querySelector("[data-keys-list][open], [data-menu][open]") ?? board.here?.querySelector("[data-why][open]");
    if (open) {
      open.open = false;
      if (open.contains(document.activeElement)) open.querySelector("summary").focus();
      return true;
    }
    for (const card of board.chosen) board.box(card).checked = false;
    board.count();
    return true;
  },
};

function press(board, selector) {
  const button = board.root.querySelector(selector);
  button?.click();
  return Boolean(button);
}

function order(board, name) {
  const column = document.activeElement.closest?.("[data-column]");
  const button = column?.querySelector(`[data-order][name=${name}]`);
  if (button) board.move(button);
  return Boolean(button);
}

function take(board, digit) {
  const button = board.here?.querySelectorAll("[data-take]")[digit - 1];
  button?.click();
  return Boolean(button);
}

function listen(board) {
  const { root } = board;
  const chosen = root.querySelector("[data-keys]");
  // Only inside the board: single keys on the whole page would get in the way of speech control.
  root.addEventListener("keydown", (event) => {
    if (board.busy || event.isComposing || event.defaultPrevented || root.querySelector("dialog[open]")) return;
    const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select");
    if (typing || !chosen.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    const digit = event.code.match(/^(?:Digit|Numpad)([1-3])$/)?.[1];
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.repeat && !/^(Arrow|[jkhl]$)/.test(key)) return;
    const done = digit && !event.shiftKey ? take(board, Number(digit)) : Object.hasOwn(KEYS, key) && KEYS[key](board, event);
    if (done) event.preventDefault();
  });
  const show = () => root.toggleAttribute("data-keys-off", !chosen.checked);
  chosen.checked = !window.participation.deskKeys.off;
  chosen.addEventListener("change", () => {
    window.participation.deskKeys.off = !chosen.checked;
    show();
  });
  show();
  root.querySelector("[data-start]").addEventListener("click", () => {
    root.querySelector("[data-keys-list]").open = false;
    if (!board.focus(board.cardsOf(board.rest)[0])) board.focusColumn(board.columns[0]);
  });
}

// ---- dragging ----
class Drag {
  constructor(board, card, event) {
    this.board = board;
    this.card = card;
    this.start = { x: event.clientX, y: event.clientY };
    this.pointer = event.pointerId;
    this.controller = new AbortController();
    const options = { signal: this.controller.signal };
    addEventListener("pointermove", (moved) => this.move(moved), options);
    addEventListener("pointerup", (ended) => this.drop(ended), options);
    addEventListener("pointercancel", () => this.end(), options);
    addEventListener("keydown", (pressed) => pressed.key === "Escape" && this.ghost && (pressed.stopPropagation(), this.end()), { ...options, capture: true });
  }

  begin() {
    const { board, card } = this;
    this.cards = board.box(card).checked ? board.chosen : [card];
    this.ghost = Object.assign(document.createElement("div"), { className: "board-ghost", textContent: card.querySelector(".board-card__title").textContent });
    this.ghost.setAttribute("aria-hidden", "true");
    if (this.cards.length > 1) this.ghost.dataset.count = this.cards.length;
    board.root.append(this.ghost);
    board.root.setAttribute("data-dragging", "");
    for (const one of this.cards) one.setAttribute("data-dragged", "");
    getSelection()?.removeAllRanges();
    this.scroll();
  }

  move(event) {
    if (event.pointerId !== this.pointer) return;
    this.at = { x: event.clientX, y: event.clientY };
    if (!this.ghost) {
      if (Math.hypot(this.at.x - this.start.x, this.at.y - this.start.y) < FAR) return;
      this.begin();
    }
    event.preventDefault();
    this.ghost.style.translate = `${this.at.x + 12}px ${this.at.y + 8}px`;
    const over = document.elementFromPoint(this.at.x, this.at.y)?.closest("[data-column]");
    if (over === this.over) return;
    this.over?.removeAttribute("data-over");
    this.over = over && this.board.root.contains(over) && this.cards.some((card) => this.board.columnOf(card) !== over) ? over : null;
    this.over?.setAttribute("data-over", "");
  }

  scroll() {
    if (!this.ghost) return;
    if (this.at) {
      const down = this.at.y > innerHeight - EDGE ? 1 : this.at.y < EDGE ? -1 : 0;
      if (down) scrollBy(0, down * 14);
    }
    this.frame = requestAnimationFrame(() => this.scroll());
  }

  drop(event) {
    if (event.pointerId !== this.pointer) return;
    const { over, cards, board, ghost } = this;
    this.end();
    if (!ghost) return;
    // The press must not open the idea as well.
    addEventListener("click", (click) => click.preventDefault(), { capture: true, once: true, signal: AbortSignal.timeout(50) });
    if (!over) return;
    if (over.dataset.column === "0") board.takeOut(cards);
    else board.file(cards, over.dataset.column, event.altKey ? "also" : "auto");
  }

  end() {
    this.controller.abort();
    cancelAnimationFrame(this.frame);
    this.ghost?.remove();
    this.over?.removeAttribute("data-over");
    this.board.root.removeAttribute("data-dragging");
    for (const one of this.cards ?? []) one.removeAttribute("data-dragged");
    this.board.dragging = null;
  }
}

window.participation.component("desk-board-hands", (picker) => {
  const root = picker.closest("[data-component~='desk-board']");
  const { board } = root;
  board.picker = new Picker(board);
  listen(board);
  root.addEventListener("pointerdown", (event) => {
    const card = event.target.closest?.("[data-card]");
    if (!card || event.button !== 0 || board.busy || board.dragging) return;
    // A finger scrolls the page unless it takes the grip.
    const isGrip = event.target.closest("[data-grip]");
    if (!isGrip && (event.pointerType !== "mouse" || event.target.closest("button, input, summary, details"))) return;
    board.dragging = new Drag(board, card, event);
  });
});
