// The portal without a line: the shell and public pages are kept for everybody; pages about a person, and what
// they write, only on a device whose owner asked for it. What was written goes out once, when the line is back.
// The server decides everything: nothing kept here is ever taken for the truth.
(() => {
  "use strict";
  const SHELL = `shell-${self.motcua.version}`;
  const PUBLIC = "public-pages";
  const OWN = "own-pages";
  const MOST_PAGES = 60;
  const KEPT_AT = "X-Kept-At";
  const isPublic = (path) => path === "/" || /^\/(thu-tuc|viec-trong-doi)\//.test(path);
  const isOwn = (path) => /^\/(cua-toi|theo-doi|nop-ho-so)\//.test(path) && !/\/(tep|xoa|thoat)\//.test(path);
  const draftOf = (path) => (path.match(/^\/nop-ho-so\/to\/[0-9a-f-]{36}\//) || [null])[0];
  // Only what was written is kept. Handing in or discarding is the owner's act at that moment, never done later.
  const isStep = (path) => /\/(muc-\d+|nguoi-nop|giay-to|phi|nhan-ket-qua)\/$/.test(path);
  const isSignIn = (path) => /\/(dang-nhap|thoat|login|logout)\//.test(path);

  // A small store beside the caches: whether this device keeps, and what waits to be sent.
  const store = (() => {
    let opened = null;
    const open = () => (opened ||= new Promise((done, failed) => {
      const asked = indexedDB.open("motcua", 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("settings");
        asked.result.createObjectStore("waiting", { keyPath: "key" });
      };
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    }));
    const act = async (table, mode, verb) => {
      const base = await open();
      return new Promise((done, failed) => {
        const doing = base.transaction(table, mode);
        const asked = verb(doing.objectStore(table));
        doing.oncomplete = () => done(asked.result);
        doing.onerror = doing.onabort = () => failed(doing.error);
      });
    };
    return {
      get: (name) => act("settings", "readonly", (rows) => rows.get(name)),
      set: (name, value) => act("settings", "readwrite", (rows) => rows.put(value, name)),
      waiting: () => act("waiting", "readonly", (rows) => rows.getAll()),
      put: (row) => act("waiting", "readwrite", (rows) => rows.put(row)),
      remove: (key) => act("waiting", "readwrite", (rows) => rows.delete(key)),
      empty: () => act("waiting", "readwrite", (rows) => rows.clear()),
      reset: () => act("settings", "readwrite", (rows) => rows.clear()),
    };
  })();
  const keeps = async () => (await store.get("keeps")) === true;

  self.addEventListener("install", (event) => {
    event.waitUntil((async () => {
      const shell = await caches.open(SHELL);
      await shell.addAll([...self.motcua.files, self.motcua.page]);
      await self.skipWaiting();
    })());
  });

  self.addEventListener("activate", (event) => {
    event.waitUntil((async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith("shell-") && name !== SHELL) await caches.delete(name);
      }
      await self.clients.claim();
    })());
  });

  const keep = async (cache, request, response) => {
    const body = await response.blob();
    const headers = new Headers(response.headers);
    headers.set(KEPT_AT, new Date().toISOString());
    const pages = await caches.open(cache);
    await pages.put(request.url, new Response(body, { status: 200, headers }));
    const known = await pages.keys();
    for (const old of known.slice(0, Math.max(0, known.length - MOST_PAGES))) await pages.delete(old);
  };

  const forget = async () => {
    await store.reset();
    await caches.delete(OWN);
    await store.empty();
  };

  // A page that was on its way while its owner signed out must not be there afterwards.
  const keepOwn = async (request, response) => {
    if (!(await keeps())) return;
    await keep(OWN, request, response);
    if (!(await keeps())) await caches.delete(OWN);
  };

  const marked = async (kept) => {
    const at = kept.headers.get(KEPT_AT) || "";
    const text = (await kept.text()).replace("<body ", `<body data-kept="${at}" `);
    return new Response(text, { headers: { "Content-Type": "text/html; charset=utf-8" } });
  };

  const fromKept = async (request) => {
    for (const cache of [OWN, PUBLIC]) {
      const found = await (await caches.open(cache)).match(request.url);
      if (found) return marked(found);
    }
    const shell = await caches.open(SHELL);
    return (await shell.match(self.motcua.page)) || Response.error();
  };

  // A public page opened by somebody who is signed in has their name in its head, and is theirs.
  const keepSeen = async (path, request, response) => {
    const own = isOwn(path) || /<body [^>]*data-own/.test(await response.clone().text());
    if (!own) await keep(PUBLIC, request, response);
    else await keepOwn(request, response);
  };

  const page = async (event) => {
    const { request } = event;
    const path = new URL(request.url).pathname;
    let response;
    try {
      response = await fetch(request);
    } catch {
      return fromKept(request);
    }
    const ended = response.redirected && isSignIn(new URL(response.url).pathname);
    if (ended && isOwn(path)) event.waitUntil(caches.delete(OWN));
    const whole = response.ok && !response.redirected && response.type === "basic"
      && (response.headers.get("Content-Type") || "").startsWith("text/html");
    if (whole && (isPublic(path) || isOwn(path))) event.waitUntil(keepSeen(path, request, response.clone()));
    return response;
  };

  // The step after this one, where the draft's steps were kept; nothing for the last of them or another button.
  const following = async (path, given) => {
    if (!given.some(([name, value]) => name === "do" && value === "next")) return null;
    const order = (await store.get(`steps:${draftOf(path)}`)) || [];
    const next = order.includes(path) ? order[order.indexOf(path) + 1] : null;
    return next && (await (await caches.open(OWN)).match(new URL(next, self.location.origin).href)) ? next : null;
  };

  // A step of a draft, written without a line: kept under its address, the last writing of it alone. Then the next
  // kept step; else an answer without content, so that the page stays as it is, with everything typed still in it.
  const step = async (event) => {
    const { request } = event;
    const copy = request.clone();
    try {
      return await fetch(request);
    } catch {
      const { pathname } = new URL(request.url);
      const kept = (await keeps()) && isStep(pathname);
      const given = [];
      if (kept) {
        for (const [name, value] of (await copy.formData()).entries()) {
          if (typeof value === "string") given.push([name, value]);
        }
        await store.put({ key: pathname, given, at: new Date().toISOString() });
        if (self.registration.sync) await self.registration.sync.register("drafts").catch(() => undefined);
      }
      const client = await self.clients.get(event.clientId);
      const next = kept ? await following(pathname, given) : null;
      if (next) return Response.redirect(new URL(next, self.location.origin).href, 303);
      client?.postMessage({ about: kept ? "written" : "lost" });
      return new Response(null, { status: 204 });
    }
  };

  const asset = async (request) => {
    const shell = await caches.open(SHELL);
    const kept = await shell.match(request.url);
    if (kept) return kept;
    const response = await fetch(request);
    if (response.ok && response.type === "basic") await shell.put(request.url, response.clone());
    return response;
  };

  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (url.origin !== self.location.origin) return;
    if (request.method === "GET" && url.pathname.startsWith("/static/")) event.respondWith(asset(request));
    else if (request.mode !== "navigate") return;
    else if (request.method === "GET" && !isSignIn(url.pathname)) event.respondWith(page(event));
    else if (request.method === "POST" && draftOf(url.pathname)) event.respondWith(step(event));
    else if (request.method === "POST" && /\/(thoat|logout)\/$/.test(url.pathname)) event.waitUntil(forget());
  });

  const post = (path, given) => fetch(path, { method: "POST", body: new URLSearchParams(given) });
  const TOKEN = "csrfmiddlewaretoken";
  const renewed = async (row) => {
    const text = await (await fetch(row.key)).text();
    const found = text.match(new RegExp(`name="${TOKEN}" value="([^"]+)"`));
    return row.given.map(([name, value]) => [name, name === TOKEN && found ? found[1] : value]);
  };

  // Sends what waits, each once: the server knows the draft's revision and says when it moved on meanwhile.
  let sending = null;
  const send = () => (sending ||= (async () => {
    const told = { sent: 0, kept: 0, conflicts: 0, refused: 0 };
    for (const row of (await store.waiting()).sort((a, b) => (a.at < b.at ? -1 : 1))) {
      if (row.conflict) { told.conflicts += 1; continue; }
      let response;
      try {
        response = await post(row.key, row.given);
        // Whoever signed in again has another token against forged forms; the page itself gives it.
        if (response.status === 403) response = await post(row.key, await renewed(row));
      } catch {
        told.kept += 1;
        break;
      }
      // Signed out meanwhile: it waits until its owner is in again. A page with something wrong in it is saved too.
      if (response.redirected && isSignIn(new URL(response.url).pathname)) {
        told.kept += 1;
        break;
      }
      if (response.ok || response.status === 404 || response.status === 422) {
        await store.remove(row.key);
        told[response.status === 404 ? "refused" : "sent"] += 1;
      } else if (response.status === 409) {
        await store.put({ ...row, conflict: true });
        told.conflicts += 1;
      } else told.kept += 1;
    }
    for (const client of await self.clients.matchAll()) client.postMessage({ about: "sent", ...told });
    return told;
  })().finally(() => { sending = null; }));

  // A promise that is broken makes the browser try again later.
  const sendAll = async () => { if ((await send()).kept) throw new Error("something is left"); };
  self.addEventListener("sync", (event) => { if (event.tag === "drafts") event.waitUntil(sendAll()); });

  const about = async () => {
    const pages = await (await caches.open(OWN)).keys();
    return { about: "device", keeps: await keeps(), pages: pages.map((each) => each.url), waiting: await store.waiting() };
  };

  self.addEventListener("message", (event) => {
    const answer = (told) => event.ports[0]?.postMessage(told);
    const verbs = {
      keep: async () => { await store.set("keeps", true); return about(); },
      forget: async () => { await forget(); return about(); },
      send: async () => { await send(); return about(); },
      drop: async () => { await store.remove(event.data.key); return about(); },
      about,
      pages: async () => {
        const paths = (event.data.paths || []).slice(0, MOST_PAGES);
        if ((await keeps()) && paths.length && draftOf(paths[0])) await store.set(`steps:${draftOf(paths[0])}`, paths);
        for (const path of paths) {
          if (!(await keeps()) || !isOwn(path)) break;
          const request = new Request(new URL(path, self.location.origin), { credentials: "same-origin" });
          const response = await fetch(request).catch(() => null);
          if (response && response.ok && !response.redirected) await keepOwn(request, response);
        }
        return about();
      },
    };
    const verb = verbs[event.data?.do];
    if (verb) event.waitUntil(verb().then(answer));
  });
})();
