// The question that takes files: sends them in parts, waits while the line is gone, goes on by itself when it is
// back and when the page is opened again. Without this file the same question is an ordinary file input.
(() => {
  "use strict";
  const MB = 1024 * 1024;
  const FIRST_PART = 256 * 1024;
  const SMALLEST_PART = 64 * 1024;
  const LARGEST_PART = 4 * MB;
  const SECONDS_A_PART = 3;
  const SILENT_AFTER = 25000;
  const KEPT_FOR = 2 * 24 * 3600 * 1000;
  const lang = document.documentElement.lang === "en" ? "en" : "vi";
  const size = (bytes) => `${Math.max(bytes / MB, bytes ? 0.1 : 0).toLocaleString(lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 })} MB`;
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));

  // Files on their way, kept by the browser so that a page opened again can go on. A browser that refuses simply
  // asks for the file once more.
  const shelf = {
    async open() {
      if (!this.opened) {
        this.opened = new Promise((resolve, reject) => {
          const asked = indexedDB.open("motcua-uploads", 1);
          asked.onupgradeneeded = () => asked.result.createObjectStore("files", { keyPath: "key" });
          asked.onsuccess = () => resolve(asked.result);
          asked.onerror = () => reject(asked.error);
        });
      }
      return this.opened;
    },
    async run(mode, act) {
      try {
        const base = await this.open();
        return await new Promise((resolve, reject) => {
          const asked = act(base.transaction("files", mode).objectStore("files"));
          asked.onsuccess = () => resolve(asked.result);
          asked.onerror = () => reject(asked.error);
        });
      } catch { return undefined; }
    },
    put(entry) { return this.run("readwrite", (store) => store.put(entry)); },
    drop(key) { return this.run("readwrite", (store) => store.delete(key)); },
    async all() { return (await this.run("readonly", (store) => store.getAll())) || []; },
  };

  // One file after another: on a poor line two at once are both late.
  const line = {
    waiting: [], busy: null,
    add(sending) { this.waiting.push(sending); this.next(); },
    drop(sending) { this.waiting = this.waiting.filter((each) => each !== sending); if (this.busy === sending) this.done(); },
    done() { this.busy = null; this.next(); },
    next() { if (!this.busy && this.waiting.length) { this.busy = this.waiting.shift(); this.busy.start(); } },
  };

  class Sending {
    constructor(field, file, key) {
      this.field = field; this.file = file; this.tries = 0; this.sent = 0; this.told = 0;
      this.key = key || [field.account, field.bundle, field.name, file.name, file.size, file.lastModified].join("|");
      this.row = field.template.content.firstElementChild.cloneNode(true);
      this.row.querySelector(".upload__name").textContent = file.name;
      this.bar = this.row.querySelector("progress");
      this.bar.setAttribute("aria-label", file.name);
      this.row.sending = this;
      for (const button of this.row.querySelectorAll("button")) {
        const name = document.createElement("span");
        name.className = "visually-hidden"; name.textContent = `: ${file.name}`;
        button.lastElementChild.append(name);
      }
      this.row.querySelector("[data-upload-retry]").addEventListener("click", () => this.again());
      this.say("waiting");
    }

    say(word, values = {}, state = "receiving") {
      this.row.className = `upload__item upload__item--${state}`;
      this.row.querySelector(".upload__words").textContent = this.field.words[word]
        ? filled(this.field.words[word], { there: size(this.sent), whole: size(this.file.size), name: this.file.name, ...values }) : word;
    }

    start() {
      this.stopped = false;
      this.begun = performance.now();
      const first = this.address || this.known;
      this.upload = new tus.Upload(this.file, {
        endpoint: this.field.endpoint,
        uploadUrl: first || null,
        chunkSize: this.part || FIRST_PART,
        retryDelays: null,
        fingerprint: async () => `motcua|${this.key}`,
        removeFingerprintOnSuccess: true,
        metadata: { filename: this.file.name, filetype: this.file.type, bundle: this.field.bundle, field: this.field.name },
        onUploadUrlAvailable: () => { this.address = this.upload.url; },
        onProgress: (sent) => this.progress(sent),
        onChunkComplete: (part) => this.paced(part),
        onSuccess: () => this.arrived(),
        onError: (error) => this.failed(error),
      });
      const go = first ? Promise.resolve([]) : this.upload.findPreviousUploads().catch(() => []);
      go.then((previous) => {
        if (this.stopped) return;
        if (previous.length) this.upload.resumeFromPreviousUpload(previous[previous.length - 1]);
        this.watch();
        this.upload.start();
      });
    }

    // A part takes about three seconds, whatever the line: little is lost when it is cut, little is asked when not.
    paced(part) {
      const seconds = Math.max((performance.now() - this.begun) / 1000, 0.05);
      const wanted = (part / seconds) * SECONDS_A_PART;
      this.part = Math.round(Math.min(Math.max(wanted, SMALLEST_PART, part / 2), LARGEST_PART, part * 2));
      this.upload.options.chunkSize = this.part;
      this.begun = performance.now();
      this.tries = 0;
    }

    progress(sent) {
      this.sent = sent;
      this.watch();
      this.bar.value = this.file.size ? (sent / this.file.size) * 100 : 0;
      this.say("sending");
      const quarter = Math.floor((sent / this.file.size) * 4);
      if (quarter > this.told && quarter < 4) {
        this.told = quarter;
        this.field.tell("half", { name: this.file.name, percent: quarter * 25 });
      }
    }

    // Neither a byte nor an error for long: the line is gone and nobody noticed.
    watch() {
      clearTimeout(this.watched);
      this.watched = setTimeout(() => { this.upload.abort().catch(() => {}); this.later(); }, SILENT_AFTER);
    }

    failed(error) {
      clearTimeout(this.watched);
      if (this.stopped) return;
      const answer = error.originalResponse;
      const status = answer ? answer.getStatus() : 0;
      if (status === 401) { this.halt("signed_out"); return; }
      if (status >= 400 && status < 500 && ![404, 408, 409, 410, 423].includes(status)) {
        const said = answer.getBody();
        this.forget();
        this.halt(said && said.length < 300 ? said : "failed", "refused");
        return;
      }
      if (status === 404 || status === 410) { this.address = null; this.sent = 0; }
      this.later(status);
    }

    // The line is gone: what was sent stays there. Asks again soon, and at once when the browser says it is back.
    later(status = 0) {
      if (this.stopped) return;
      this.say(status && navigator.onLine ? "again" : "lost", {}, "lost");
      if (this.tries === 0) this.field.tell(navigator.onLine ? "again" : "lost", { there: size(this.sent) });
      this.tries += 1;
      const go = () => { clearTimeout(this.timer); window.removeEventListener("online", go); if (!this.stopped) this.start(); };
      this.timer = setTimeout(go, Math.min(1000 * 2 ** Math.min(this.tries - 1, 4), 15000));
      window.addEventListener("online", go);
      this.unwait = () => { clearTimeout(this.timer); window.removeEventListener("online", go); };
    }

    halt(word, state = "lost") {
      this.stopped = true;
      this.say(word, {}, state);
      this.field.announce(`${this.file.name}: ${this.row.querySelector(".upload__words").textContent}`);
      this.bar.hidden = true;
      this.row.querySelector("[data-upload-retry]").hidden = state === "refused";
      line.drop(this);
    }

    again() {
      this.row.querySelector("[data-upload-retry]").hidden = true;
      this.bar.hidden = false;
      this.say("waiting");
      line.add(this);
    }

    arrived() {
      clearTimeout(this.watched);
      this.sent = this.file.size;
      this.bar.value = 100;
      this.row.dataset.address = this.upload.url;
      this.forget();
      line.drop(this);
      this.say("checking", {}, "checking");
      this.field.check(this.row, `${new URL(this.upload.url, location.href).pathname}/tinh-trang/`);
    }

    // Nothing of it stays in the browser.
    forget() {
      shelf.drop(this.key);
      try {
        for (const name of Object.keys(localStorage)) if (name.startsWith(`tus::motcua|${this.key}::`)) localStorage.removeItem(name);
      } catch { /* a browser that keeps nothing */ }
    }

    async stop() {
      this.stopped = true;
      clearTimeout(this.watched);
      if (this.unwait) this.unwait();
      this.forget();
      if (this.upload) await this.upload.abort(Boolean(this.upload.url)).catch(() => {});
      line.drop(this);
    }
  }

  class Field {
    constructor(box) {
      this.box = box;
      this.words = JSON.parse(box.dataset.words);
      for (const name of ["endpoint", "bundle", "name", "account"]) this[name] = box.dataset[name];
      this.largest = Number(box.dataset.largest);
      this.items = box.querySelector("[data-upload-items]");
      this.template = box.querySelector("[data-upload-row]");
      this.said = box.querySelector("[data-upload-said]");
      this.plain = box.querySelector("[data-upload-plain] input");
      this.join = box.querySelector("[data-upload-join]");
      this.form = box.closest("form");
      this.dress();
      for (const row of this.items.children) if (row.dataset.state === "checking") this.check(row, row.dataset.status);
      this.showJoin();
    }

    dress() {
      const buttons = this.box.querySelector("[data-upload-buttons]");
      const choose = buttons.querySelector("[data-upload-choose]");
      const camera = buttons.querySelector("[data-upload-camera]");
      // The plain question stays as the hidden mouth of the button; it is no longer sent with the form.
      this.plain.removeAttribute("name");
      this.plain.parentElement.hidden = true;
      this.box.querySelector(".field__label").removeAttribute("for");
      buttons.hidden = false;
      choose.addEventListener("click", () => { this.plain.removeAttribute("capture"); this.plain.click(); });
      this.plain.addEventListener("change", () => { this.take(this.plain.files); this.plain.value = ""; });
      if (window.matchMedia("(pointer: coarse)").matches) {
        const lens = document.createElement("input");
        lens.type = "file"; lens.accept = "image/*"; lens.setAttribute("capture", "environment"); lens.hidden = true;
        lens.addEventListener("change", () => { this.take(lens.files); lens.value = ""; });
        this.box.append(lens);
        camera.hidden = false;
        camera.addEventListener("click", () => lens.click());
      }
      this.join.addEventListener("click", () => this.joinPictures());
      this.items.addEventListener("click", (event) => {
        const button = event.target.closest("[data-upload-remove]");
        if (button) this.remove(button.closest("[data-upload-item]"), choose);
      });
      for (const kind of ["dragover", "dragleave", "drop"]) {
        this.box.addEventListener(kind, (event) => {
          event.preventDefault();
          this.box.classList.toggle("upload--over", kind === "dragover");
          if (kind === "drop") this.take(event.dataTransfer.files);
        });
      }
      if (this.form) {
        this.form.addEventListener("submit", (event) => {
          if (event.submitter && event.submitter.hasAttribute("formnovalidate")) return;
          const unfinished = this.items.querySelector(".upload__item--receiving, .upload__item--lost, .upload__item--checking:not([data-long])");
          if (!unfinished || !unfinished.sending) return;
          event.preventDefault();
          this.announce(this.words.wait_first);
          unfinished.querySelector(".upload__words").textContent = this.words.wait_first;
          unfinished.scrollIntoView({ block: "center" });
        });
      }
    }

    tell(word, values) { this.announce(filled(this.words[word], values)); }
    announce(text) { this.said.textContent = ""; setTimeout(() => { this.said.textContent = text; }, 30); }

    take(files) {
      for (const file of Array.from(files)) {
        const sending = new Sending(this, file);
        const twin = Array.from(this.items.children).find((row) => row.sending && row.sending.key === sending.key && !row.sending.stopped);
        if (twin) { this.announce(this.words.again_same); continue; }
        // A part sent before the page was left: its row of the server's list gives way to the one that moves.
        for (const row of Array.from(this.items.children)) {
          if (row.dataset.state === "receiving" && row.querySelector(".upload__name").textContent === file.name) { sending.known = row.dataset.address; row.remove(); }
        }
        this.items.append(sending.row);
        if (file.size === 0) { sending.halt("empty", "refused"); continue; }
        if (file.size > this.largest) {
          sending.halt(filled(this.words.too_large, { size: size(file.size), limit: size(this.largest) }), "refused");
          continue;
        }
        shelf.put({ key: sending.key, file, bundle: this.bundle, field: this.name, account: this.account, at: Date.now() });
        line.add(sending);
      }
    }

    // Goes on with what a page that was closed had begun.
    async resume(entries) {
      for (const entry of entries) {
        const mine = entry.bundle === this.bundle && entry.field === this.name;
        if (mine && !Array.from(this.items.children).some((row) => row.sending && row.sending.key === entry.key)) this.takeAgain(entry);
      }
    }

    takeAgain(entry) {
      const sending = new Sending(this, entry.file, entry.key);
      for (const row of Array.from(this.items.children)) {
        if (row.dataset.state === "receiving" && row.querySelector(".upload__name").textContent === entry.file.name) { sending.known = row.dataset.address; row.remove(); }
      }
      this.items.append(sending.row);
      line.add(sending);
    }

    async check(row, address, tries = 0) {
      let told = null;
      try {
        const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
        if (answer.ok) told = await answer.json();
        else if (answer.status === 404) { row.remove(); return; }
      } catch { told = null; }
      if (!row.isConnected) return;
      if (told && (told.state === "ready" || told.state === "refused")) { this.replace(row, told); return; }
      if (tries === 8) {
        row.dataset.long = "yes";
        row.querySelector(".upload__words").textContent = this.words.checking_long;
        this.announce(this.words.checking_long);
      }
      setTimeout(() => this.check(row, address, tries + 1), Math.min(400 + tries * 400, 5000));
    }

    replace(row, told) {
      const holder = document.createElement("template");
      holder.innerHTML = told.html.trim();
      const fresh = holder.content.firstElementChild;
      const had = row.contains(document.activeElement);
      row.replaceWith(fresh);
      if (had) fresh.querySelector("button, a")?.focus();
      const name = fresh.querySelector(".upload__name").textContent;
      this.announce(told.state === "ready" ? filled(this.words.done, { name }) : `${name}: ${told.words}`);
      this.showJoin();
      this.box.dispatchEvent(new CustomEvent("upload:changed", { bubbles: true }));
    }

    async remove(row, focus) {
      const name = row.querySelector(".upload__name").textContent;
      if (row.sending && !row.dataset.address) await row.sending.stop();
      else {
        const answer = await fetch(row.dataset.address, { method: "DELETE", headers: { "Tus-Resumable": "1.0.0" }, credentials: "same-origin" }).catch(() => null);
        if (!answer || !(answer.ok || answer.status === 404 || answer.status === 410)) { this.announce(this.words.cannot_remove); return; }
      }
      row.remove();
      focus.focus();
      this.tell("removed", { name });
      this.showJoin();
      this.box.dispatchEvent(new CustomEvent("upload:changed", { bubbles: true }));
    }

    pictures() { return Array.from(this.items.querySelectorAll("[data-upload-item][data-picture]")); }
    showJoin() { this.join.hidden = this.pictures().length < 2; }

    async joinPictures() {
      const rows = this.pictures();
      const asked = new URLSearchParams();
      for (const row of rows) asked.append("upload", row.dataset.id);
      const token = (this.form || document).querySelector("[name=csrfmiddlewaretoken]");
      this.announce(this.words.joining);
      this.join.setAttribute("aria-disabled", "true");
      try {
        const answer = await fetch(this.box.dataset.join, {
          method: "POST", body: asked, credentials: "same-origin", headers: token ? { "X-CSRFToken": token.value } : {},
        });
        const told = await answer.json();
        if (answer.ok) { for (const row of rows.slice(1)) row.remove(); this.replace(rows[0], told); }
        else this.announce(told.words);
      } catch { this.announce(this.words.failed); }
      this.join.removeAttribute("aria-disabled");
    }
  }

  const fields = Array.from(document.querySelectorAll("[data-upload]:not([data-upload-ready])")).map((box) => {
    box.dataset.uploadReady = "yes";
    return new Field(box);
  });
  if (!fields.length) return;
  shelf.all().then((entries) => {
    const account = fields[0].account;
    const fresh = entries.filter((entry) => {
      const keep = entry.account === account && Date.now() - entry.at < KEPT_FOR;
      // On a computer that many use, nobody's papers wait for the next person.
      if (!keep) shelf.drop(entry.key);
      return keep;
    });
    for (const field of fields) field.resume(fresh);
  });
})();
