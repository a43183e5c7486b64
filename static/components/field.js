/* Says how many characters are left while somebody writes; announced politely, and only near the end. */
window.participation.component("character-count", (box) => {
  const input = box.querySelector("input, textarea");
  const output = box.querySelector("[data-count]");
  const limit = Number(box.dataset.limit);
  if (!input || !output || !limit) return;

  const numbers = new Intl.NumberFormat(document.documentElement.lang);
  const show = () => {
    const left = limit - [...input.value].length;
    output.textContent = box.dataset.left.replace("{count}", numbers.format(left));
    output.classList.toggle("field__count--near", left < limit / 10);
    if (left < limit / 10) output.setAttribute("role", "status");
    else output.removeAttribute("role");
  };
  input.addEventListener("input", show);
  show();
});
