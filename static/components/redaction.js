/* Puts the words that are marked in the text into the next free field; without it they are copied there. */
window.participation.component("redaction", (page) => {
  const button = page.querySelector("button[name='mark']");
  const fields = [...page.querySelectorAll("textarea[name^='passage_']")];
  const sources = [...page.querySelectorAll("[data-source]")];
  if (!button || !sources.length) return;
  const marked = () => {
    const selection = document.getSelection();
    const within = (node) => sources.some((source) => source.contains(node));
    // Only inside one text: what spans two of them stands in neither.
    if (!selection.rangeCount || !within(selection.anchorNode) || !within(selection.focusNode)) return "";
    const holder = sources.find((source) => source.contains(selection.anchorNode));
    return holder.contains(selection.focusNode) ? selection.toString().trim() : "";
  };
  // The button takes the focus, and with it some browsers drop what was marked.
  let kept = "";
  button.addEventListener("pointerdown", () => (kept = marked()));
  button.addEventListener("click", () => {
    const words = marked() || kept;
    kept = "";
    const free = fields.findIndex((field) => !field.value.trim());
    if (!words) return window.participation.announce(page.dataset.none);
    if (free < 0) return window.participation.announce(page.dataset.full);
    fields[free].value = words;
    fields[free].closest("details")?.setAttribute("open", "");
    window.participation.announce(page.dataset.taken.replace("{number}", free + 1));
  });
});
