/* Keeps a part of the page fresh while something is running: fetches the same page and swaps the part in. */
window.participation.component("polled", (part) => {
  const pause = Number(part.dataset.polledSeconds || 2) * 1000;
  const isBusy = () => "polledBusy" in part.dataset;

  const refresh = async () => {
    // Nobody looks at a tab in the background.
    if (document.hidden) return;
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error("the list is gone");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(part.id);
    // Tokens in the forms differ every time; what people read counts.
    if (!fresh || fresh.textContent === part.textContent) return;
    const hadFocus = part.contains(document.activeElement);
    const action = hadFocus && document.activeElement.closest("form")?.getAttribute("action");
    part.replaceChildren(...fresh.childNodes);
    if (!("polledBusy" in fresh.dataset)) delete part.dataset.polledBusy;
    window.participation.enhanceWithin(part);
    if (hadFocus) {
      const same = action && part.querySelector(`form[action="${CSS.escape(action)}"] button`);
      (same || part.querySelector("[tabindex='-1'], button, a[href]"))?.focus();
    }
    if (!isBusy()) window.participation.announce(part.dataset.polledDone);
  };

  const again = () => {
    if (!isBusy()) return;
    setTimeout(() => refresh().then(again, () => {}), pause);
  };
  again();
});
