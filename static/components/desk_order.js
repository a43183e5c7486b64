/* Two buttons that move a statement by one place; without this the numbers do the same. */
window.participation.component("desk-order", (list) => {
  const rows = () => [...list.children];
  const renumber = () => {
    rows().forEach((row, index, all) => {
      row.querySelector("input").value = index + 1;
      row.querySelector("[data-move='-1']").setAttribute("aria-disabled", index === 0);
      row.querySelector("[data-move='1']").setAttribute("aria-disabled", index === all.length - 1);
    });
  };
  const say = (row) => {
    const place = rows().indexOf(row) + 1;
    const words = { name: row.dataset.name, place, all: list.children.length };
    window.participation.announce(list.dataset.moved.replace(/\{(\w+)\}/g, (_, key) => words[key]));
  };
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const row = button.closest("li");
    const other = button.dataset.move === "1" ? row.nextElementSibling : row.previousElementSibling;
    if (!other) return;
    if (button.dataset.move === "1") other.after(row);
    else other.before(row);
    renumber();
    button.focus();
    say(row);
  });
  list.addEventListener("change", (event) => {
    const row = event.target.closest("li");
    const place = Number(event.target.value);
    if (!Number.isInteger(place) || place < 1 || place > list.children.length) return;
    row.remove();
    const before = list.children[place - 1];
    if (before) before.before(row);
    else list.append(row);
    renumber();
    row.querySelector("input").focus();
    say(row);
  });
  if (!document.querySelector(".error-summary")) renumber();
});
