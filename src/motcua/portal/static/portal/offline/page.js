// On the portal's pages: puts the worker to work, says when a page is a kept one and since when, and what waits.
// Everything here is an addition: without it the pages need a line and lose nothing.
(() => {
  "use strict";
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  const english = document.documentElement.lang.startsWith("en");
  const words = english
    ? {
      kept: (at) => `No connection. You are reading this page as it was at ${at}.`,
      written: "No connection. What you wrote is kept on this device and will be sent once when the connection is back.",
      lost: "No connection: nothing was sent. Keep this page open and press the button again when it is back.",
      sent: (n) => `The connection is back: ${n} page(s) written meanwhile were saved.`,
      conflict: "A page you wrote without a connection was changed elsewhere meanwhile. Open it and compare.",
      open: "Open", drop: "Remove",
    }
    : {
      kept: (at) => `Không có mạng. Bạn đang xem bản đã lưu lúc ${at}.`,
      written: "Không có mạng. Những gì bạn viết đã giữ trên máy này và sẽ được gửi một lần khi có mạng.",
      lost: "Không có mạng: chưa gửi được gì. Hãy để nguyên trang này và bấm lại khi có mạng.",
      sent: (n) => `Đã có mạng: đã lưu ${n} trang viết lúc mất mạng.`,
      conflict: "Một trang bạn viết lúc mất mạng đã được sửa ở nơi khác. Hãy mở và so lại.",
      open: "Mở", drop: "Bỏ",
    };

  const say = (text, kind) => {
    for (const old of document.querySelectorAll(`.line-bar--${kind}`)) old.remove();
    const box = document.createElement("p");
    box.className = `line-bar line-bar--${kind}`;
    box.setAttribute("role", "status");
    box.textContent = text;
    document.querySelector("main")?.before(box);
  };
  const time = (iso) => new Date(iso).toLocaleString(english ? "en-GB" : "vi-VN", { dateStyle: "short", timeStyle: "short" });
  const body = document.body.dataset;
  if (body.kept) say(words.kept(time(body.kept)), "kept");

  const ask = async (told) => {
    const { active } = await navigator.serviceWorker.ready;
    return new Promise((done) => {
      const line = new MessageChannel();
      line.port1.onmessage = (event) => done(event.data);
      active.postMessage(told, [line.port2]);
    });
  };

  // The line is said to be back a moment before it carries anything: what is left is sent again, ever more rarely.
  const PAUSES = [1000, 2000, 4000, 8000, 16000, 32000];
  let again = 0;
  const send = async (tried = 0) => {
    clearTimeout(again);
    const { waiting } = await ask({ do: "send" });
    if (tried < PAUSES.length && waiting.some((row) => !row.conflict)) {
      again = setTimeout(() => navigator.onLine && send(tried + 1), PAUSES[tried]);
    }
  };

  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (data?.about === "written" || data?.about === "lost") {
      say(words[data.about], "written");
      window.scrollTo(0, 0);
      for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
      for (const button of document.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
    }
    if (data?.about !== "sent") return;
    if (data.sent) say(words.sent(data.sent), "sent");
    if (data.conflicts) say(words.conflict, "written");
  });

  // A kept step shows what it was when it was kept; what was written since is put back into it.
  const fill = (given) => {
    for (const form of document.querySelectorAll("main form")) {
      const fields = (name) => Array.from(form.elements).filter((each) => each.name === name);
      for (const [name, value] of given) {
        for (const field of fields(name)) {
          if (field.type === "hidden" || field.type === "file" || field.tagName === "BUTTON") continue;
          if (field.type === "radio" || field.type === "checkbox") field.checked = field.checked || field.value === value;
          else field.value = value;
        }
      }
    }
  };

  const device = document.querySelector("[data-device]");
  const show = (told) => {
    const line = (list, title, rows, make) => {
      const place = document.querySelector(list);
      const head = document.querySelector(title);
      if (!place) return;
      place.replaceChildren(...rows.map(make));
      if (head) head.hidden = rows.length === 0;
    };
    const item = (path, ...more) => {
      const row = document.createElement("li");
      const link = document.createElement("a");
      link.href = path;
      link.textContent = path;
      row.append(link, ...more);
      return row;
    };
    line("[data-kept-list]", "[data-kept-title]", told.pages.map((each) => new URL(each).pathname), (path) => item(path));
    line("[data-queue-list]", "[data-queue-title]", told.waiting, (row) => {
      const drop = document.createElement("button");
      drop.type = "button";
      drop.className = "button button--secondary";
      drop.textContent = words.drop;
      drop.addEventListener("click", async () => show(await ask({ do: "drop", key: row.key })));
      return item(row.key, ` ${time(row.at)} `, drop);
    });
    if (!device) return;
    device.hidden = false;
    const set = (name, shown) => { device.querySelector(name).hidden = !shown; };
    set("[data-device-on]", told.keeps);
    set("[data-device-off]", !told.keeps);
    set("[data-device-keep]", !told.keeps);
    set("[data-device-forget]", told.keeps);
  };

  document.querySelector("[data-device-keep]")?.addEventListener("click", async () => show(await ask({ do: "keep" })));
  document.querySelector("[data-device-forget]")?.addEventListener("click", async () => show(await ask({ do: "forget" })));
  document.querySelector("[data-again]")?.addEventListener("click", (event) => { event.preventDefault(); location.reload(); });

  window.addEventListener("beforeinstallprompt", (event) => {
    const button = document.querySelector("[data-install]");
    if (!button) return;
    event.preventDefault();
    button.hidden = false;
    button.addEventListener("click", () => event.prompt());
  });

  navigator.serviceWorker.register("/sw.js").then(async () => {
    const told = await ask({ do: "about" });
    if (device || document.querySelector("[data-kept-list]")) show(told);
    if (!told.keeps) return;
    const written = told.waiting.find((row) => row.key === location.pathname);
    if (written && body.kept) fill(written.given);
    if (told.waiting.length && body.kept) say(words.written, "written");
    const links = document.querySelectorAll("[data-keep-offline]");
    const steps = [...new Set(Array.from(links, (each) => each.getAttribute("href")))];
    if (steps.length && navigator.onLine && !body.kept) await ask({ do: "pages", paths: steps });
    if (told.waiting.length && navigator.onLine) await send();
  }).catch(() => undefined);
  window.addEventListener("online", () => send());
})();
