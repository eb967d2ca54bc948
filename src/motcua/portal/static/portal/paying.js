// The page on which one pays: looks every few seconds whether money came, and copies what must not be mistyped.
// All of it works without this file: then the page is loaded again by hand.
(() => {
  "use strict";
  const page = document.querySelector("[data-paying]");
  if (!page) return;

  for (const button of page.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) break;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const from = document.getElementById(button.dataset.copy);
      await navigator.clipboard.writeText(from.dataset.value || from.textContent.trim());
      button.textContent += " ✓";
      button.disabled = true;
      setTimeout(() => { button.textContent = button.textContent.replace(" ✓", ""); button.disabled = false; }, 2000);
    });
  }

  const live = page.querySelector(".paying__live");
  if (live) live.hidden = false;
  const began = Date.now();
  const look = async () => {
    if (!document.hidden) {
      try {
        const answer = await fetch(page.dataset.paying, { headers: { Accept: "application/json" } });
        if (answer.ok && (await answer.json()).mark !== page.dataset.mark) { location.reload(); return; }
      } catch { /* the line is down: asked again */ }
    }
    // Quick at first, then seldom: a page left open overnight asks no more than it must.
    setTimeout(look, Date.now() - began < 120000 ? 3000 : 20000);
  };
  setTimeout(look, 3000);
})();
