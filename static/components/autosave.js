/* Keeps a draft while somebody writes: soon after the last key, never more often than every few seconds. */
const PAUSE = 2500;
const LEAST = 6000;

window.participation.component("autosave", (form) => {
  const status = form.querySelector("[data-autosave-status]");
  const words = () => [...form.querySelectorAll("input[type=text], textarea, select")].map((field) => field.value).join("\n");
  let kept = words();
  let sentAt = 0;
  let timer = 0;
  let busy = false;
  let over = false;

  const say = (text) => {
    // Said once: the same sentence again would only interrupt.
    if (status.textContent !== text) status.textContent = text;
  };

  const stop = (text) => {
    over = true;
    say(text || form.dataset.autosaveFailed);
  };

  const save = async (lasting) => {
    const now = words();
    if (over || busy || now === kept || !now.trim()) return;
    busy = true;
    sentAt = Date.now();
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams(new FormData(form)),
        keepalive: lasting,
      });
      const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
      const told = isJson ? await answer.json() : {};
      if (answer.ok && isJson) {
        kept = now;
        say(told.message);
        // Coming back or loading anew then leads to the draft, not to an empty form.
        if (!over) history.replaceState(history.state, "", told.url);
      } else if (answer.status !== 422) {
        stop(told.message);
      } else {
        kept = now;
      }
    } catch {
      // No network at the moment: the next key tries again.
      say(form.dataset.autosaveFailed);
    } finally {
      busy = false;
      if (!over && words() !== kept) later();
    }
  };

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(PAUSE, sentAt + LEAST - Date.now()));
  };

  form.addEventListener("input", later);
  form.addEventListener("submit", () => {
    over = true;
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) save(true);
  });
  // Back from the next step in memory, with everything as it was.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) over = false;
  });
});
