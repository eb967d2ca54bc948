// Passkeys: says in the page's own words when the device gives no key, and hides what a browser cannot do.
(() => {
  "use strict";
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const problem = document.querySelector("[data-passkey-problem]");
    if (problem) problem.hidden = false;
  });
  if (window.PublicKeyCredential) return;
  for (const each of document.querySelectorAll(".needs-script")) each.hidden = true;
})();
