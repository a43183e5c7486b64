/* Words that are selected in a source appear in the field for the quote; the form sends them as if they were typed. */
window.participation.component("quote-sources", (root) => {
  const field = document.getElementById(root.dataset.target);
  if (!field) return;
  const quotable = (node) => (node instanceof Element ? node : node?.parentElement)?.closest("[data-quotable]");
  let before = "";
  const take = () => {
    const selection = document.getSelection();
    if (!selection?.rangeCount || selection.isCollapsed) return;
    const inside = quotable(selection.anchorNode);
    if (!inside || !root.contains(inside) || inside !== quotable(selection.focusNode)) return;
    const words = selection.toString().trim();
    if (!words || words === before) return;
    before = words;
    field.value = words;
    // Counters of characters listen to it.
    field.dispatchEvent(new Event("input", { bubbles: true }));
    window.participation.announce(root.dataset.said);
  };
  root.addEventListener("pointerup", () => setTimeout(take));
  root.addEventListener("keyup", take);
});
