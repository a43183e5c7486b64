/* Answers in place: one idea makes room for the next; whatever goes wrong, the form is sent as usual. */
const KEYS_OFF = "vote-row-keys-off";
const BUTTONS = {
  1: "button[value='agree']",
  2: "button[value='unsure']",
  3: "button[value='disagree']",
  4: "[data-skip] button",
  0: "[data-undo] button",
};
const PUSHED = 90;

// Where nothing can be kept the keys are on anew with each page, as they are for everybody else.
const remember = (off) => {
  try {
    if (off) localStorage.setItem(KEYS_OFF, "1");
    else localStorage.removeItem(KEYS_OFF);
  } catch { /* private mode */ }
};
const areOff = () => {
  try {
    return localStorage.getItem(KEYS_OFF) !== null;
  } catch {
    return false;
  }
};

function replace(row, next, page, address) {
  const fresh = document.importNode(next, true);
  row.replaceWith(fresh);
  document.querySelector(".messages")?.remove();
  const told = page.querySelector(".messages");
  if (told) document.querySelector(".page-top")?.before(document.importNode(told, true));
  for (const part of ["#site-languages", ".page-top"]) {
    const [old, now] = [document.querySelector(part), page.querySelector(part)];
    if (old && now) old.replaceWith(document.importNode(now, true));
  }
  document.title = page.title;
  history.replaceState(null, "", address);
  window.participation.enhanceWithin(document);
  fresh.querySelector("[data-heading]")?.focus({ preventScroll: true });
  fresh.scrollIntoView({ block: "start" });
  window.participation.announce([told?.textContent.trim(), fresh.dataset.said].filter(Boolean).join(" "));
}

async function send(row, form, button) {
  const fields = new FormData(form);
  if (button?.name) fields.set(button.name, button.value);
  row.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(fields) });
    const page = answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const next = page?.querySelector("[data-component~='vote-row']");
    if (!next) throw new Error(String(answer.status));
    replace(row, next, page, answer.url);
  } catch {
    row.removeAttribute("aria-busy");
    form.dataset.plain = "yes";
    form.requestSubmit(button);
  }
}

function listenForKeys(row, isBusy) {
  const panel = row.querySelector(".vote-keys");
  const chosen = panel?.querySelector("[data-keys]");
  if (!chosen) return;
  const show = () => panel.toggleAttribute("data-off", !chosen.checked);
  chosen.checked = !areOff();
  chosen.addEventListener("change", () => {
    remember(!chosen.checked);
    show();
  });
  show();
  const press = (event) => {
    // The row makes room for the next one, and so do its keys.
    if (!row.isConnected) return document.removeEventListener("keydown", press);
    const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (typing || !chosen.checked || event.repeat || event.ctrlKey || event.metaKey || event.altKey || isBusy()) return;
    // Some layouts have other signs where the digits are, and Arabic ones other digits.
    const digit = event.code.match(/^(?:Digit|Numpad)(\d)$/)?.[1] ?? event.key;
    const button = BUTTONS[digit] && row.querySelector(BUTTONS[digit]);
    if (!button) return;
    event.preventDefault();
    button.click();
  };
  document.addEventListener("keydown", press);
}

// A push only ever skips: a slip of the finger must not be a vote.
function listenForPushes(row, isBusy) {
  const idea = row.querySelector("[data-idea]");
  const skip = row.querySelector("[data-skip] button");
  if (!idea || !skip) return;
  let start = null;
  idea.addEventListener("pointerdown", (event) => {
    start = event.pointerType === "touch" && event.isPrimary ? event : null;
  });
  idea.addEventListener("pointercancel", () => { start = null; });
  idea.addEventListener("pointerup", (event) => {
    if (!start || event.pointerId !== start.pointerId || isBusy()) return;
    const [across, down] = [event.clientX - start.clientX, event.clientY - start.clientY];
    start = null;
    if (Math.abs(across) >= PUSHED && Math.abs(across) > 2 * Math.abs(down) && !String(getSelection())) skip.click();
  });
}

window.participation.component("vote-row", (row) => {
  const isBusy = () => row.getAttribute("aria-busy") === "true";
  row.addEventListener("submit", (event) => {
    if (event.target.dataset.plain) return;
    event.preventDefault();
    if (!isBusy()) send(row, event.target, event.submitter);
  });
  listenForKeys(row, isBusy);
  listenForPushes(row, isBusy);
});
