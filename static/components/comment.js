/* Marks a comment as helpful without leaving the page; whatever goes wrong, the form is sent as usual. */
window.participation.component("helpful", (button) => {
  button.addEventListener("click", async (event) => {
    const form = button.form;
    if (!form || button.dataset.plain) return;
    event.preventDefault();
    if (button.getAttribute("aria-busy") === "true") return;

    button.setAttribute("aria-busy", "true");
    const fields = new FormData(form);
    fields.set(button.name, button.value);
    try {
      const answer = await fetch(button.formAction, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams(fields),
      });
      if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith("application/json")) throw new Error(answer.status);
      const { marked, label, announcement } = await answer.json();
      button.value = marked ? "no" : "yes";
      button.setAttribute("aria-pressed", String(marked));
      button.querySelector("[data-helpful-label]").textContent = label;
      window.participation.announce(announcement);
    } catch {
      button.dataset.plain = "yes";
      button.click();
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
});
