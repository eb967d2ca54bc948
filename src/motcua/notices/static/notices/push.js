/* Switches messages on in this browser: asks for leave, subscribes to the city's key, tells the city. */
(() => {
  "use strict";
  const part = document.getElementById("push");
  if (!part || !("serviceWorker" in navigator) || !("PushManager" in window)) return;
  part.hidden = false;
  const said = part.querySelector("[data-push-said]");
  const say = (which) => { said.textContent = said.dataset[which]; };

  const octets = (text) => {
    const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(text.length / 4) * 4, "="));
    return Uint8Array.from(raw, (each) => each.charCodeAt(0));
  };

  const worker = async () => {
    // The worker of the whole portal, where there is one, has the handler in it; otherwise ours alone.
    const found = await navigator.serviceWorker.getRegistration("/");
    return found || navigator.serviceWorker.register(part.dataset.worker);
  };

  const active = async (registration) => {
    const coming = registration.installing || registration.waiting;
    if (registration.active || !coming) return registration;
    await new Promise((done) => coming.addEventListener("statechange", () => coming.state === "activated" && done()));
    return registration;
  };

  part.querySelector("[data-push-on]").addEventListener("click", async () => {
    try {
      if ((await Notification.requestPermission()) !== "granted") return say("saidNo");
      const registration = await active(await worker());
      const subscription = await registration.pushManager.subscribe({
        userVisibleOnly: true,
        applicationServerKey: octets(part.dataset.key),
      });
      const answer = await fetch(part.dataset.address, {
        method: "POST",
        credentials: "same-origin",
        headers: {
          "Content-Type": "application/json",
          "X-CSRFToken": part.querySelector("[name=csrfmiddlewaretoken]").value,
        },
        body: JSON.stringify(subscription),
      });
      if (!answer.ok) {
        await subscription.unsubscribe();
        return say("saidFailed");
      }
      say("saidOn");
    } catch {
      say("saidFailed");
    }
  });
})();
