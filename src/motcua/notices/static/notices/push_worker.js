/* The service worker's part for messages: shows one, once, and opens where it points, within this house.
   A worker of one's own, or taken into another by importScripts(). */
self.addEventListener("push", (event) => {
  let told = {};
  try { told = event.data ? event.data.json() : {}; } catch { told = {}; }
  event.waitUntil(self.registration.showNotification(told.title || "Một cửa", {
    body: told.body || "",
    // The same message pushed again takes the place of the first.
    tag: told.tag || undefined,
    data: { url: told.url || "/" },
    icon: "/static/motcua/img/icon-192.png",
    lang: "vi",
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const wanted = new URL(event.notification.data.url, self.location.origin);
  const target = new URL(wanted.pathname + wanted.search, self.location.origin).href;
  event.waitUntil((async () => {
    const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const there = open.find((each) => each.url === target);
    if (there) return there.focus();
    return self.clients.openWindow(target);
  })());
});
