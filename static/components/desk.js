/* How many ideas are chosen on the board; the page works without it. */
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
