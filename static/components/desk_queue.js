/* The queue by keyboard: rows on one side, the case on the other; the forms are the page's own, sent in place. */
const WIDE = matchMedia("(min-width: 62rem)");
const SETTLED_AFTER = 500; // milliseconds on a case until it counts as worked on
const LOOK_AGAIN = 5000; // milliseconds between two looks at what colleagues do
const RENEWED_AFTER = 240000; // milliseconds; a hold lasts ten minutes
const FRESH_FOR = 20000; // milliseconds that a case read ahead may wait
const parsed = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");
const post = (address, fields, more = {}) =>
  fetch(address, { method: "POST", body: new URLSearchParams(fields), headers: { Accept: "application/json" }, ...more });
const announce = (...parts) => window.participation.announce(parts.filter(Boolean).join(" ").replace(/\s+/g, " ").trim());

// What the moderator holds outlives the exchange of parts of the page.
let held = null;

class Queue {
  constructor(root) {
    this.root = root;
    this.ahead = new Map();
    this.asked = 0;
  }

  get rows() { return [...this.root.querySelectorAll("[data-row]")].filter((row) => row.checkVisibility()); }
  get panel() { return this.root.querySelector("[data-case]"); }
  get current() { return this.root.querySelector("[data-row][aria-current]"); }
  get token() { return this.root.querySelector("[name=csrf_token]")?.value ?? ""; }
  get busy() { return this.root.getAttribute("aria-busy") === "true"; }
  get here() { return this.root.dataset.place ?? ""; }

  // ---- going from case to case ----
  go(step) {
    const rows = this.rows;
    if (!rows.length) return;
    const at = rows.indexOf(this.current);
    const row = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
    if (row !== this.current) this.open(row);
    else this.focusCase();
  }

  async open(row) {
    const link = row.querySelector("[data-open]");
    if (!WIDE.matches || !this.panel) {
      location.href = link.href;
      return;
    }
    const turn = ++this.asked;
    this.mark(row);
    row.scrollIntoView({ block: "nearest" });
    let page;
    try {
      page = await this.read(link.href);
    } catch {
      location.href = link.href;
      return;
    }
    const fresh = page.querySelector("[data-case]");
    if (turn !== this.asked || !fresh) return;
    this.ahead.delete(link.href);
    this.panel.replaceWith(document.importNode(fresh, true));
    window.participation.enhanceWithin(this.root);
    this.fit();
    this.focusCase();
    this.work();
    this.readAhead();
  }

  read(address) {
    const known = this.ahead.get(address);
    if (known && performance.now() - known.at < FRESH_FOR) return known.page;
    const page = fetch(address, { headers: { Accept: "text/html" } }).then((answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      return parsed(answer);
    });
    page.catch(() => this.ahead.delete(address));
    this.ahead.set(address, { at: performance.now(), page });
    return page;
  }

  readAhead() {
    const rows = this.rows;
    const next = rows[rows.indexOf(this.current) + 1];
    if (next) this.read(next.querySelector("[data-open]").href).catch(() => {});
  }

  mark(row) {
    this.current?.removeAttribute("aria-current");
    row?.setAttribute("aria-current", "true");
  }

  focusCase() {
    this.panel?.querySelector("[data-case-title]")?.focus({ preventScroll: true });
  }

  // ---- who works on what ----
  work() {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.hold(), SETTLED_AFTER);
  }

  async hold() {
    const panel = this.panel;
    if (!panel?.dataset.hold || !this.root.isConnected) return;
    const same = held?.hold === panel.dataset.hold;
    if (same && performance.now() - held.at < RENEWED_AFTER) return;
    if (!same) this.letGo();
    const answer = await post(panel.dataset.hold, { csrf_token: this.token }).catch(() => null);
    if (answer?.ok) held = { hold: panel.dataset.hold, release: panel.dataset.release, at: performance.now() };
    if (answer?.status === 409) this.look();
  }

  letGo() {
    if (!held) return;
    post(held.release, { csrf_token: this.token }, { keepalive: true }).catch(() => {});
    held = null;
  }

  async look() {
    const shown = new Set(this.rows.map((row) => row.dataset.row));
    if (this.panel) shown.add(this.panel.dataset.case);
    if (!shown.size || document.hidden) return;
    const answer = await fetch(`${this.root.dataset.state}?cases=${[...shown].join(",")}`).catch(() => null);
    if (!answer?.ok || !this.root.isConnected) return;
    const state = await answer.json();
    for (const one of state.cases) this.show(one);
    for (const place of this.root.querySelectorAll("[data-waiting]")) {
      place.hidden = state.waiting <= Number(place.dataset.waiting);
    }
  }

  show(one) {
    const row = this.root.querySelector(`[data-row="${one.id}"]`);
    if (row) {
      row.toggleAttribute("data-held", Boolean(one.held_by));
      row.toggleAttribute("data-gone", !one.open);
      const said = row.querySelector("[data-held-by]");
      const text = one.open ? one.held_by : this.root.dataset.gone;
      if (said && said.textContent !== text) said.textContent = text;
    }
    const panel = this.panel;
    if (panel?.dataset.case !== String(one.id)) return;
    const sentence = !one.open ? this.root.dataset.gone : one.held_by ? one.sentence : "";
    const told = panel.querySelector("[data-taken]");
    if (!told || told.dataset.taken === sentence) return;
    told.dataset.taken = sentence;
    told.hidden = !sentence;
    told.querySelector("[data-taken-text]").textContent = sentence;
    for (const part of panel.querySelectorAll("[data-do]")) part.disabled = Boolean(sentence);
    if (sentence) announce(sentence);
  }

  // ---- sending forms ----
  async send(form, button) {
    const fields = new FormData(form);
    if (button?.name) fields.set(button.name, button.value);
    if (fields.has("back") && this.current) {
      fields.set("back", "queue");
      fields.set("place", this.here);
    }
    this.root.setAttribute("aria-busy", "true");
    clearTimeout(this.settling);
    try {
      const answer = await fetch(button?.getAttribute("formaction") ?? form.action, {
        method: "POST", body: new URLSearchParams(fields), headers: { Accept: "text/html" } });
      const page = await parsed(answer);
      if (!answer.ok) return this.complain(form, page, button);
      this.replace(page, answer.url);
    } catch {
      this.plainly(form, button);
    } finally {
      this.root.removeAttribute("aria-busy");
    }
  }

  plainly(form, button) {
    form.dataset.plain = "yes";
    form.requestSubmit(button);
  }

  complain(form, page, button) {
    const said = page.querySelectorAll(".error-summary li, main .alert--error .alert__body, main [data-told]:not([hidden])");
    const errors = [...said].map((one) => one.textContent.trim());
    const told = form.querySelector("[data-told]") ?? this.panel?.querySelector("[data-told]");
    if (!errors.length || !told) return this.plainly(form, button);
    told.hidden = false;
    told.querySelector("[data-told-text]").textContent = errors.join(" ");
    told.focus();
    this.look();
  }

  replace(page, address) {
    const next = page.querySelector("[data-component~='desk-queue']");
    if (!next) {
      location.href = address;
      return;
    }
    const fresh = document.importNode(next, true);
    const known = this.root.querySelector("[data-undo]")?.querySelector("[name=decision]")?.value;
    this.root.replaceWith(fresh);
    for (const part of [".messages", ".desk-head", "#site-languages"]) {
      const [old, now] = [document.querySelector(part), page.querySelector(part)];
      if (old && now) old.replaceWith(document.importNode(now, true));
      else if (old) old.remove();
      else if (now) document.querySelector(".page-top")?.before(document.importNode(now, true));
    }
    document.title = page.title;
    history.replaceState(null, "", fresh.dataset.here || address);
    window.participation.enhanceWithin(document);
    const after = fresh.queue;
    if (held && after.panel?.dataset.hold !== held.hold) held = null;
    const results = fresh.querySelector("[data-results]");
    (results ?? after.current)?.scrollIntoView({ block: "nearest" });
    (results ?? after.panel?.querySelector("[data-case-title]") ?? fresh).focus({ preventScroll: true });
    if (after.panel) after.work();
    after.readAhead();
    // What was decided before this is not said again.
    const undo = fresh.querySelector("[data-undo]");
    const said = undo?.querySelector("[name=decision]").value === known ? null : undo?.querySelector("[data-undo-text]");
    announce(document.querySelector(".messages")?.textContent, said?.textContent);
  }

  // ---- the room that the case has below the top of the window ----
  fit() {
    const place = this.root.querySelector("[data-case-place]");
    if (!place || !WIDE.matches) return;
    const top = Math.max(16, place.parentElement.getBoundingClientRect().top);
    place.style.setProperty("--case-room", `${Math.round(innerHeight - top - 16)}px`);
  }
}

// ---- keys ----
function unfold(queue, key) {
  const part = queue.panel?.querySelector(`details[data-key="${key}"]`);
  if (!part || part.closest("fieldset:disabled")) return false;
  part.open = !part.open;
  const first = part.open ? part.querySelector("[data-first]") ?? part.querySelector("textarea, select, input:not([type=hidden])") : null;
  (first ?? part.querySelector("summary")).focus({ preventScroll: true });
  (part.open ? part : queue.panel).scrollIntoView({ block: "nearest" });
  return true;
}

function press(queue, key) {
  const button = queue.root.querySelector(`button[data-key="${key}"]:enabled, a[data-key="${key}"]`);
  if (button && !button.closest("fieldset:disabled")) {
    button.click();
    return true;
  }
  return unfold(queue, key);
}

function choose(queue, digit) {
  const unfolded = [...queue.root.querySelectorAll("details[open]")].filter((one) => one.contains(document.activeElement)).pop();
  const open = unfolded ?? queue.panel?.querySelector("details[open][data-key]");
  const box = open?.querySelectorAll("[data-block]")[digit === 0 ? 9 : digit - 1];
  box?.click();
  return Boolean(box);
}

function close(queue) {
  const inside = [...queue.root.querySelectorAll("details[open]")].filter((one) => one.contains(document.activeElement)).pop();
  const help = queue.root.querySelector("[data-keys-list][open]");
  if (help && help !== inside) return !(help.open = false);
  if (!inside) return false;
  inside.open = false;
  if (queue.panel?.contains(inside)) queue.focusCase();
  else inside.querySelector("summary").focus();
  return true;
}

const KEYS = {
  j: (queue) => (queue.go(1), true),
  k: (queue) => (queue.go(-1), true),
  x: (queue) => (queue.current?.querySelector("[name=cases]")?.click(), true),
  "?": (queue) => (queue.root.querySelector("[data-keys-list] > summary")?.click(), true),
  "/": (queue) => {
    const search = queue.root.querySelector("[type=search]");
    search?.focus();
    return Boolean(search);
  },
  Escape: close,
};

function listen(queue) {
  const { root } = queue;
  const chosen = root.querySelector("[data-keys]");
  const isOn = () => !chosen || chosen.checked;
  // Only inside the queue: single keys on the whole page would get in the way of speech control.
  root.addEventListener("keydown", (event) => {
    if (queue.busy || event.isComposing) return;
    const typing = event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
      event.preventDefault();
      event.target.form.requestSubmit(event.target.form.querySelector("button[data-main]"));
      return;
    }
    if ((typing && event.key !== "Escape") || !isOn() || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    const digit = event.code.match(/^(?:Digit|Numpad)(\d)$/)?.[1];
    const inRows = event.target.closest?.("[data-row]") && { ArrowDown: "j", ArrowUp: "k" }[event.key];
    const key = inRows || (event.key.length === 1 ? event.key.toLowerCase() : event.key);
    const done = digit !== undefined && !event.shiftKey ? choose(queue, Number(digit))
      : KEYS[key] ? KEYS[key](queue) : /^[a-z]$/.test(key) && press(queue, key);
    if (done) event.preventDefault();
  });
  if (!chosen) return;
  const show = () => root.toggleAttribute("data-keys-off", !chosen.checked);
  chosen.checked = !window.participation.deskKeys.off;
  chosen.addEventListener("change", () => {
    window.participation.deskKeys.off = !chosen.checked;
    show();
  });
  show();
}

// A text block brings the rule along that it is about.
function takeGround(box) {
  const ground = box.form?.querySelector("[name=ground]");
  if (box.checked && box.dataset.ground && ground && !ground.value) ground.value = box.dataset.ground;
}

function countDown(queue) {
  const bar = queue.root.querySelector("[data-undo]");
  if (!bar) return;
  const ends = performance.now() + Number(bar.dataset.undo) * 1000;
  const left = bar.querySelector("[data-undo-left]");
  const numbers = new Intl.NumberFormat(document.documentElement.lang);
  const tick = () => {
    if (!bar.isConnected) return;
    const seconds = Math.ceil((ends - performance.now()) / 1000);
    if (seconds <= 0) return bar.remove();
    left.textContent = left.dataset.undoLeft.replace("{count}", numbers.format(seconds));
    setTimeout(tick, 1000);
  };
  tick();
}

function countChosen(queue) {
  const output = queue.root.querySelector("[data-chosen]");
  if (!output) return;
  const boxes = () => [...queue.root.querySelectorAll("[name=cases]")];
  const all = queue.root.querySelector("[data-choose-all]");
  const show = () => {
    const number = boxes().filter((box) => box.checked).length;
    output.textContent = number ? output.dataset.some.replace("{count}", number) : output.dataset.none;
    output.closest("[data-bulk]").toggleAttribute("data-any", number > 0);
    if (all) all.checked = number > 0 && number === boxes().length;
    for (const group of queue.root.querySelectorAll("[data-group]")) {
      // A member that was let out again must not come back with its group.
      group.checked = boxes().every((box) => box.checked || box.dataset.ofGroup !== group.dataset.group);
    }
  };
  queue.root.addEventListener("change", (event) => {
    const box = event.target;
    if (box === all) for (const one of boxes()) one.checked = all.checked;
    if ("group" in box.dataset) {
      for (const one of boxes()) if (one.dataset.ofGroup === box.dataset.group) one.checked = box.checked;
    }
    show();
  });
  show();
}

window.participation.component("desk-queue", (root) => {
  const queue = new Queue(root);
  root.queue = queue;
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.dataset.plain) return;
    event.preventDefault();
    if (!queue.busy) queue.send(form, event.submitter);
  });
  root.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-open]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !WIDE.matches || !queue.panel) return;
    event.preventDefault();
    queue.open(link.closest("[data-row]"));
  });
  root.addEventListener("change", (event) => {
    if ("block" in event.target.dataset) takeGround(event.target);
  });
  // Whoever begins to write or opens a form works on the case; the first one on the page is held by nothing less.
  for (const sign of ["input", "toggle"]) {
    root.addEventListener(sign, (event) => {
      if (queue.panel?.contains(event.target) && (sign === "input" || event.target.open)) queue.work();
    }, true);
  }
  root.querySelector("[data-start]")?.addEventListener("click", () => {
    if (!queue.current) return queue.go(1);
    queue.focusCase();
    queue.work();
  });
  listen(queue);
  countChosen(queue);
  countDown(queue);
  queue.fit();
  const again = () => root.isConnected && queue.fit();
  addEventListener("scroll", again, { passive: true });
  addEventListener("resize", again);
  const looking = setInterval(() => (root.isConnected ? queue.look() : clearInterval(looking)), LOOK_AGAIN);
  const renewing = setInterval(() => {
    if (!root.isConnected) return clearInterval(renewing);
    if (held && !document.hidden) queue.hold();
  }, RENEWED_AFTER / 4);
  addEventListener("pagehide", () => root.isConnected && queue.letGo());
});
