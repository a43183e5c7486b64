/* Takes along what somebody has typed when they read the same page in another language; it is kept in this tab only and
   goes as soon as the next page has it. Passwords and files are never kept. */
const PLACE = "participation.typed";
const LONGEST_MINUTES = 10;
const NEVER = new Set(["password", "file", "hidden", "submit", "button", "image", "reset"]);

function placeOf(location) {
  return location.pathname.replace(/^\/[^/]+/, "") + location.search;
}

function fields() {
  const counts = new Map();
  return [...document.querySelectorAll("main input, main textarea, main select")].flatMap((field) => {
    if (!field.name || NEVER.has(field.type)) return [];
    const isBox = field.type === "checkbox" || field.type === "radio";
    const name = `${field.form?.id ?? ""} ${field.name}${isBox ? ` ${field.value}` : ""}`;
    const number = counts.get(name) ?? 0;
    counts.set(name, number + 1);
    return [{ field, isBox, key: `${name} ${number}` }];
  });
}

function isChanged({ field, isBox }) {
  if (isBox) return field.checked !== field.defaultChecked;
  if (field.localName !== "select") return field.value !== field.defaultValue;
  const options = [...field.options];
  const byDefault = options.some((option) => option.defaultSelected);
  return options.some((option, number) => option.selected !== (byDefault ? option.defaultSelected : !field.multiple && number === 0));
}

function valueOf({ field, isBox }) {
  if (isBox) return field.checked;
  return field.multiple ? [...field.selectedOptions].map((option) => option.value) : field.value;
}

function fill({ field, isBox }, value) {
  if (isBox) field.checked = value;
  else if (field.multiple) for (const option of field.options) option.selected = value.includes(option.value);
  else field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function keep() {
  const all = fields();
  if (!all.some(isChanged)) return;
  const typed = Object.fromEntries(all.map((one) => [one.key, valueOf(one)]));
  try {
    sessionStorage.setItem(PLACE, JSON.stringify({ place: placeOf(location), at: Date.now(), language: document.documentElement.lang, typed }));
  } catch {
    // No room or not allowed: then the switch is a link like any other.
  }
}

function taken() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(PLACE));
    sessionStorage.removeItem(PLACE);
    return kept;
  } catch {
    return null;
  }
}

function lead(choice, place) {
  if (choice.form) {
    choice.form.elements.to.value = place;
    return;
  }
  const address = new URL(choice.href);
  address.searchParams.set("to", place);
  choice.href = address.href;
}

window.participation.component("language-switch", (nav) => {
  const kept = taken();
  const isFresh = kept && Date.now() - kept.at < LONGEST_MINUTES * 60_000;
  if (isFresh && kept.place === placeOf(location) && kept.language !== document.documentElement.lang) {
    for (const one of fields()) if (one.key in kept.typed) fill(one, kept.typed[one.key]);
    // A region that is filled while the page arrives is often not read out.
    setTimeout(() => window.participation.announce(nav.dataset.kept), 500);
  }
  const begun = placeOf(location);
  nav.addEventListener("click", (event) => {
    const choice = event.target.closest(".language-switch__choice");
    if (!choice || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // A page that was saved meanwhile may have got an address of its own.
    if (placeOf(location) !== begun) lead(choice, placeOf(location));
    keep();
  });
});
