/* Following the link of a piece of news marks it as read; without this the button beside it does. */
window.participation.component("inbox-item", (item) => {
  const form = item.querySelector("form");
  const link = item.querySelector("a");
  if (!form || !link) return;

  const markRead = () => {
    // The page may be left at once, and nobody waits for the answer.
    fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), keepalive: true, redirect: "manual" }).catch(() => {});
  };
  link.addEventListener("click", markRead);
  link.addEventListener("auxclick", (event) => {
    if (event.button === 1) markRead();
  });
});
