// On every face: a form is sent once, and mistakes are read out first. All of it works without this file.
(() => {
  "use strict";
  document.documentElement.classList.add("scripted");

  // Registered on window, so that a page's own handlers (on the form or the document) may still stop the sending.
  window.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("form[data-once]")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    const button = event.submitter;
    if (button) { button.setAttribute("aria-disabled", "true"); }
  });

  // A page brought back by the back button may be sent again; the server's idempotency key decides.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
  });

  const mistakes = document.querySelector("[data-error-summary]");
  if (mistakes) mistakes.focus();
})();
