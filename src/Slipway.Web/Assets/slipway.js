// Everything here is an enhancement: pages are complete without it. It counts down, shows times in the reader's zone, copies commands, and
// keeps a page up to date by fetching it again and exchanging the parts that changed.
"use strict";
(() => {
  const body = document.body;
  const say = (key, fallback) => { try { return localStorage.getItem(key) ?? fallback; } catch { return fallback; } };
  const keep = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window: it lasts for this page */ } };
  document.documentElement.classList.add("scripted");

  // Times: one switch for every moment of every page.
  let local = say("slipway.zone", "utc") === "local";
  const pad = (number) => String(number).padStart(2, "0");
  const zoneName = (date) => {
    const part = new Intl.DateTimeFormat(undefined, { timeZoneName: "short" }).formatToParts(date).find((piece) => piece.type === "timeZoneName");
    return part ? part.value : "local";
  };
  const show = (time) => {
    const date = new Date(time.dateTime);
    if (Number.isNaN(date.getTime())) return;
    const words = (own) => {
      const zoned = own ? date : new Date(date.getTime() + date.getTimezoneOffset() * 60000);
      return `${zoned.getFullYear()}-${pad(zoned.getMonth() + 1)}-${pad(zoned.getDate())} ${pad(zoned.getHours())}:${pad(zoned.getMinutes())}:${pad(zoned.getSeconds())} ${own ? zoneName(date) : "UTC"}`;
    };
    time.textContent = time.dataset.both && words(true) !== words(false) ? `${words(true)}, which is ${words(false)}` : words(local);
  };
  const relative = (until) => {
    const seconds = Math.trunc((new Date(until).getTime() - Date.now()) / 1000);
    const size = Math.abs(seconds);
    const words = size < 1 ? "now" : size < 120 ? `${size} s` : size < 7200 ? `${Math.trunc(size / 60)} min` : size < 172800 ? `${Math.trunc(size / 3600)} h` : `${Math.trunc(size / 86400)} d`;
    return words === "now" ? words : seconds > 0 ? `in ${words}` : `${words} ago`;
  };
  const tick = (root) => root.querySelectorAll("[data-until]").forEach((span) => { span.textContent = relative(span.dataset.until); });
  const times = (root) => root.querySelectorAll("time.moment").forEach(show);
  const zoneSwitch = document.querySelector("[data-zone-switch]");
  const zone = () => {
    zoneSwitch.textContent = local ? "Times in your zone" : "Times in UTC";
    zoneSwitch.setAttribute("aria-pressed", String(local));
    times(document);
  };
  if (zoneSwitch) {
    zoneSwitch.addEventListener("click", () => { local = !local; keep("slipway.zone", local ? "local" : "utc"); zone(); });
    zone();
  }

  // Copy buttons.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    const source = button && document.getElementById(button.dataset.copy);
    if (!source) return;
    try {
      await navigator.clipboard.writeText(source.textContent);
      button.firstChild.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(source);
      button.firstChild.textContent = "Selected";
    }
  });

  const ticking = body.dataset.live === "true" || document.querySelector("[data-until]");
  if (ticking) setInterval(() => tick(document), 1000);
  if (body.dataset.live !== "true") return;

  // Live update. The server is asked at each ledger entry (server-sent events), and every two seconds anyway, so that a lost
  // connection shows within five.
  const offline = document.getElementById("offline");
  const announcer = document.getElementById("announcer");
  const pauseButton = document.querySelector("[data-pause]");
  let paused = false;
  let busy = false;
  let again = false;
  let lastContact = Date.now();
  let failures = 0;
  const Period = 2000;
  const Silence = 4000;

  const exchange = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    if (!fresh.getElementById("content")) return;
    const focused = document.activeElement;
    const focusKey = focused && (focused.id ? `#${CSS.escape(focused.id)}` : focused.dataset && focused.dataset.key ? `[data-key="${CSS.escape(focused.dataset.key)}"]` : null);
    const known = new Map([...document.querySelectorAll("[data-part]")].map((part) => [part.id, part]));
    const wanted = [...fresh.querySelectorAll("[data-part]")];
    if (wanted.length !== known.size || wanted.some((part) => !known.has(part.id))) {
      // Other parts than before: the release came into another state.
      const open = openDetails();
      document.getElementById("content").replaceWith(document.adoptNode(fresh.getElementById("content")));
      reopen(open);
    } else {
      for (const part of wanted) {
        const old = known.get(part.id);
        if (old.innerHTML === part.innerHTML || sameText(old, part)) continue;
        const open = openDetails();
        old.replaceWith(document.adoptNode(part));
        reopen(open);
      }
    }
    if (focusKey && document.activeElement === document.body) document.querySelector(focusKey)?.focus({ preventScroll: true });
    const word = fresh.getElementById("announcer").textContent;
    if (announcer.textContent !== word) announcer.textContent = word;
    body.dataset.sequence = fresh.body.dataset.sequence;
    times(document);
    tick(document);
  };
  // Clocks tick on their own: a part of which only they differ stays.
  const bare = (part) => { const copy = part.cloneNode(true); copy.querySelectorAll("[data-until],time").forEach((node) => node.replaceChildren(node.dataset.until ?? node.dateTime)); copy.querySelectorAll("details").forEach((node) => node.removeAttribute("open")); return copy.innerHTML; };
  const sameText = (left, right) => bare(left) === bare(right);
  const openDetails = () => [...document.querySelectorAll("details")].map((node) => node.open);
  const reopen = (open) => document.querySelectorAll("details").forEach((node, index) => { if (open[index]) node.open = true; });

  const lost = (since) => {
    offline.hidden = false;
    offline.textContent = `No connection to Slipway for ${Math.round((Date.now() - since) / 1000)} s. What you see is as of ${new Date(since).toLocaleTimeString()}; commands are off until it is back.`;
    document.documentElement.classList.add("stale");
    document.querySelectorAll("#commands a.button, .question a.button").forEach((link) => link.setAttribute("aria-disabled", "true"));
  };
  const found = () => {
    lastContact = Date.now();
    failures = 0;
    if (offline.hidden) return;
    offline.hidden = true;
    offline.textContent = "";
    document.documentElement.classList.remove("stale");
    document.querySelectorAll("[aria-disabled]").forEach((link) => link.removeAttribute("aria-disabled"));
  };
  document.addEventListener("click", (event) => { if (event.target.closest('[aria-disabled="true"]')) event.preventDefault(); }, true);

  const refresh = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(Period + 1500), cache: "no-store", credentials: "same-origin" });
      found();
      if (answer.status === 200 && !answer.redirected) {
        const html = await answer.text();
        if (!paused) exchange(html);
      } else if (answer.redirected || answer.status === 401) {
        location.reload();
      }
    } catch {
      // One failure may be a hiccup; the second says that nobody is there.
      if (++failures > 1 || Date.now() - lastContact > Silence) lost(lastContact);
      else setTimeout(refresh, 500);
    } finally {
      busy = false;
      if (again) { again = false; setTimeout(refresh, 150); }
    }
  };
  setInterval(() => { if (!document.hidden && (!offline.hidden || Date.now() - lastContact > Silence)) lost(lastContact); }, 500);
  setInterval(() => {
    if (!document.hidden && !paused || !offline.hidden) refresh();
    else if (paused) fetch("/health", { signal: AbortSignal.timeout(Period) }).then(found, () => {});
    else lastContact = Date.now();
  }, Period);

  const follow = body.dataset.follows;
  if (follow && "EventSource" in window) {
    let soon = 0;
    const stream = new EventSource(`/api/releases/${encodeURIComponent(follow)}/events?after=${body.dataset.sequence}`);
    const bump = () => { if (paused) return; clearTimeout(soon); soon = setTimeout(refresh, 120); };
    for (const type of ["phase.entered.v1", "stage.started.v1", "stage.ended.v1", "interval.judged.v1", "rollback.begun.v1", "level.ended.v1", "release.ended.v1", "command.received.v1", "command.applied.v1", "command.refused.v1", "approval.requested.v1", "approval.decided.v1", "approval.ended.v1", "evaluation.opened.v1", "evaluation.ended.v1", "alert.raised.v1", "gate.checked.v1"]) stream.addEventListener(type, bump);
    stream.addEventListener("end", () => { bump(); stream.close(); });
  }

  if (pauseButton) pauseButton.addEventListener("click", () => {
    paused = !paused;
    pauseButton.setAttribute("aria-pressed", String(paused));
    pauseButton.textContent = paused ? "Updates are paused" : "Pause updates";
    if (!paused) refresh();
  });
})();
