/* Keys for the queue, and how many ideas are chosen on the board; both pages work without it. */
window.participation.component("desk-queue", (queue) => {
  const items = () => [...queue.querySelectorAll("[data-item]")];
  const current = () => items().findIndex((item) => item.contains(document.activeElement));
  const go = (step) => {
    const all = items();
    const at = current();
    const next = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + step))];
    if (!next) return;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };
  const actions = {
    j: () => go(1),
    k: () => go(-1),
    p: () => items()[current()]?.querySelector("button[value='publish']")?.click(),
    h: () => {
      const details = items()[current()]?.querySelector(".desk-hide");
      if (!details) return;
      details.open = true;
      details.querySelector("textarea").focus();
    },
  };
  // Only inside the queue: single keys on the whole page would get in the way of speech control.
  queue.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = actions[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  queue.querySelector("[data-start]")?.addEventListener("click", () => go(1));
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target && queue.contains(target)) target.focus({ preventScroll: true });
});

window.participation.component("desk-board", (board) => {
  const output = board.querySelector("[data-chosen]");
  if (!output) return;
  const show = () => {
    const chosen = board.querySelectorAll("#file-ideas [name='ideas']:checked").length;
    output.textContent = chosen ? output.dataset.some.replace("{count}", chosen) : output.dataset.none;
  };
  board.addEventListener("change", show);
  show();
});
