// Keeps a form where it is while there is no network: sent now, it would end on an error page of the browser.
window.participation.component("no-network", (note) => {
  document.addEventListener("submit", (event) => {
    if (navigator.onLine || event.target.getAttribute("method")?.toLowerCase() !== "post") return;
    event.preventDefault();
    event.stopPropagation();
    note.textContent = note.dataset.text;
  }, true);
  window.addEventListener("online", () => { note.textContent = ""; });
});
