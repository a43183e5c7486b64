// Prints the page; without a script the browser's own menu does.
window.participation.component("print-button", (button) => {
  button.addEventListener("click", () => window.print());
});
