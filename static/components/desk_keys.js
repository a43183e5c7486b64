/* Whether the keys of the desk are switched on; kept in the browser, for the queue and the board alike. */
const NAME = "desk-keys-off";

// Where nothing can be kept the keys are on anew with each page.
window.participation.deskKeys = {
  get off() {
    try { return localStorage.getItem(NAME) !== null; } catch { return false; }
  },
  set off(value) {
    try {
      if (value) localStorage.setItem(NAME, "1");
      else localStorage.removeItem(NAME);
    } catch { /* private mode */ }
  },
};
