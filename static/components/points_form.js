/* Keeps the number of points left in sight while somebody gives them; plus and minus never go beyond the limits. */
window.participation.component("points-form", (form) => {
  const budget = form.querySelector("[data-points-budget]");
  const inputs = [...form.querySelectorAll("input[type='number']")];
  if (!budget || !inputs.length) return;
  const words = budget.querySelector("[data-points-left]");
  const state = budget.querySelector("[data-points-state]");
  const bar = budget.querySelector("[data-points-bar]");
  const all = Number(budget.dataset.all);
  const numbers = new Intl.NumberFormat(document.documentElement.lang);
  const points = (input) => Math.max(0, Math.trunc(Number(input.value)) || 0);
  const left = () => all - inputs.reduce((sum, input) => sum + points(input), 0);
  const steps = (input) => input.parentElement.querySelectorAll("[data-step]");
  const possible = (input, step) => (step < 0 ? points(input) > 0 : points(input) < Number(input.max) && left() > 0);

  const show = (changed) => {
    const rest = left();
    const text = rest < 0 ? budget.dataset.over : budget.dataset.left;
    words.textContent = text.replace("{count}", numbers.format(Math.abs(rest))).replace("{all}", numbers.format(all));
    budget.classList.toggle("points-budget--over", rest < 0);
    bar.setAttribute("x2", `${Math.min(100, (100 * (all - rest)) / all)}%`);
    if (changed) state.textContent = budget.dataset.unsaved;
    for (const input of inputs) {
      for (const button of steps(input)) button.setAttribute("aria-disabled", String(!possible(input, Number(button.dataset.step))));
    }
  };

  for (const input of inputs) {
    input.addEventListener("input", () => show(true));
    for (const button of steps(input)) {
      button.addEventListener("click", () => {
        const step = Number(button.dataset.step);
        if (!possible(input, step)) return;
        input.value = points(input) + step;
        show(true);
      });
    }
  }
  // Enter in the field for the search searches; the first button of the form, which saves, would be pressed else.
  const search = form.querySelector("button[name='search']");
  form.querySelector("input[type='search']")?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !search) return;
    event.preventDefault();
    search.click();
  });
  show(false);
});
