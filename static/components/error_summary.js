/* Brings readers to the list of errors first, and from there into the field itself. */
window.participation.component("error-summary", (summary) => {
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const input = link && document.getElementById(link.hash.slice(1));
    if (!input) return;
    event.preventDefault();
    for (let one = input.closest("details"); one; one = one.parentElement.closest("details")) one.open = true;
    input.focus();
    (input.closest(".field") ?? input).scrollIntoView({ block: "start" });
  });
});
