/* Finds elements by data-component and hands each to its enhancement once; also for content that arrives later. */
const enhancements = new Map();

function enhanceWithin(root) {
  for (const [name, enhance] of enhancements) {
    for (const element of root.querySelectorAll(`[data-component~="${name}"]`)) {
      const done = (element.dataset.enhanced ?? "").split(" ");
      if (done.includes(name)) continue;
      element.dataset.enhanced = [...done, name].join(" ").trim();
      enhance(element);
    }
  }
}

window.participation = {
  component(name, enhance) {
    enhancements.set(name, enhance);
    enhanceWithin(document);
  },
  enhanceWithin,
  announce(text) {
    const region = document.getElementById("announcements");
    if (region) region.textContent = text;
  },
};

document.documentElement.classList.add("js");

/* What a page says on arrival is there before anybody listens; said once more a moment later, it is heard.
   Warnings stand on every page until something is done, and are not repeated. */
document.addEventListener("DOMContentLoaded", () => {
  const messages = [...document.querySelectorAll(".messages .alert:not(.alert--warning) .alert__body")].map((one) => one.textContent.trim());
  if (messages.length) setTimeout(() => window.participation.announce(messages.join(" ")), 600);
});
