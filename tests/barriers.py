"""What axe does not ask: names that tell links apart, targets to hit, hints tied to fields, letters far apart."""

from playwright.sync_api import Page

# Residents' and editors' own words may be the same twice; what the product itself says may not.
PROBLEMS = """(least) => {
  const found = [];
  const say = (what, one) => found.push(`${what}: ${one.outerHTML.replace(/\\s+/g, ' ').slice(0, 140)}`);
  const isSeen = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const referred = (one, attribute) => (one.getAttribute(attribute) ?? '').split(/\\s+/).filter(Boolean)
    .map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
  const words = (one) => {
    if (one.hasAttribute('aria-labelledby')) return referred(one, 'aria-labelledby');
    if (one.hasAttribute('aria-label')) return one.getAttribute('aria-label');
    const copy = one.cloneNode(true);
    copy.querySelectorAll('[aria-hidden=true]').forEach((unheard) => unheard.remove());
    copy.querySelectorAll('[aria-label]').forEach((sign) => sign.replaceWith(sign.getAttribute('aria-label')));
    return copy.textContent;
  };
  const name = (one) => `${words(one)} | ${referred(one, 'aria-describedby')}`.replace(/\\s+/g, ' ').trim();
  // News and columns of the board have the names of what they are about.
  const isOwn = (one) => one.closest('[lang]') === document.documentElement && !one.matches('[dir]')
    && !one.querySelector('[lang], [dir], bdi') && !one.closest('.inbox-item, [data-column]');

  const targets = new Map();
  for (const link of document.querySelectorAll('main a[href]')) {
    if (!isSeen(link) || !isOwn(link)) continue;
    const known = targets.get(name(link));
    if (known && known !== link.href) say('another link has this name and another target', link);
    targets.set(name(link), link.href);
  }
  const pressed = new Set();
  for (const one of document.querySelectorAll('main button, main summary')) {
    if (!isSeen(one) || !isOwn(one)) continue;
    // Two buttons of one form that do the same are one.
    const what = `${one.tagName} ${name(one)} ${one.form && one.name === '' ? one.form.action : ''}`;
    if (pressed.has(what) && !one.form) say('something else has this name', one);
    pressed.add(what);
  }
  for (const one of document.querySelectorAll('nav, aside, [role=region]')) {
    const named = referred(one, 'aria-labelledby') || one.getAttribute('aria-label');
    if (isSeen(one) && !named) say('place without a name', one);
  }
  for (const one of document.querySelectorAll('[title]:not(iframe, abbr, link)')) say('said to the mouse only', one);
  for (const hint of document.querySelectorAll('main .kern-hint[id], main .field__error[id]')) {
    if (!document.querySelector(`[aria-describedby~="${CSS.escape(hint.id)}"]`)) say('belongs to no field', hint);
  }
  for (const field of document.querySelectorAll('input[type=email], input[type=password], input[type=tel]')) {
    if (!field.autocomplete) say('does not say what is asked for (WCAG 1.3.5)', field);
  }
  for (const one of document.querySelectorAll('main *')) {
    const [own, around] = [one, one.parentElement].map((two) => getComputedStyle(two).cursor === 'pointer');
    if (!own || around) continue;
    if (!one.closest('a, button, label, summary, input, select, textarea, [tabindex]')) say('for the mouse only', one);
  }

  const all = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
  const hit = [...document.querySelectorAll(all)].filter(isSeen);
  const boxes = hit.map((one) => one.getBoundingClientRect());
  const isInText = (one) => one.matches('a') && getComputedStyle(one).display === 'inline'
    && one.closest('p, li, dd, td, th, figcaption, h2, h3');
  hit.forEach((one, at) => {
    const box = boxes[at];
    if (box.width >= least && box.height >= least || box.width <= 1 || box.height <= 1 || isInText(one)) return;
    const label = one.labels?.[0]?.getBoundingClientRect();
    if (label && label.height >= least) return;
    const x = box.left + box.width / 2, y = box.top + box.height / 2, half = least / 2;
    const isNear = boxes.some((other, number) => {
      const target = hit[number];
      if (number === at || target.contains(one) || one.contains(target) || other.width <= 1) return false;
      return other.left < x + half && other.right > x - half && other.top < y + half && other.bottom > y - half;
    });
    if (isNear) say(`${Math.round(box.width)}x${Math.round(box.height)} is too small to hit`, one);
  });
  if ([...document.querySelectorAll('h1')].filter(isSeen).length !== 1) found.push('not one h1');
  const first = [...document.querySelectorAll('[tabindex]')].filter((one) => one.tabIndex > 0);
  first.forEach((one) => say('jumps the queue of the tabulator', one));
  return found;
}"""
LEAST_TARGET = 24
# What WCAG 1.4.12 lets people set.
WIDE = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-block-end: 2em !important; }"""
WIDEN = """(css) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""


def check_barriers(page: Page) -> None:
    """Raise ``AssertionError`` with what is in the way of people who do not see or do not point."""
    found = page.evaluate(PROBLEMS, LEAST_TARGET)
    assert found == [], f"{page.url}:\n  " + "\n  ".join(found)


def widen(page: Page) -> None:
    """Set lines, letters and words as far apart as people may need them."""
    page.evaluate(WIDEN, WIDE)
