// Runs before the first paint, so that the wrong theme does not flash up. Not a module, because those wait.
try {
  document.documentElement.dataset.theme = JSON.parse(localStorage.getItem("erlchat.settings") ?? "{}").theme ?? "system";
} catch { /* use the system's theme */ }

// If a module fails to load, the page does nothing. Reload it once, after a random pause.
addEventListener("error", ({ target }) => {
  // The login page works without scripts, and a nickname may be half typed.
  if (!(target instanceof HTMLScriptElement) || document.querySelector("form#login")) return;
  try {
    const last = Number(sessionStorage.getItem("erlchat.reloaded"));
    if (Date.now() - last < 60_000) return;
    sessionStorage.setItem("erlchat.reloaded", String(Date.now()));
    setTimeout(() => location.reload(), 1000 + Math.random() * 3000);
  } catch { /* without storage it could reload forever */ }
}, true);

// The chat page begins to enter while its modules load (transport/begun.js): it listens to the other tabs, and then asks.
if (document.body.className === "page-chat") {
  const base = document.documentElement.dataset.base ?? "";
  const channel = "BroadcastChannel" in window && navigator.locks ? new BroadcastChannel(`erlchat${base}`) : null;
  /** @type {any[]} */
  const words = [];
  const keep = (/** @type {MessageEvent} */ { data }) => words.push(data);
  channel?.addEventListener("message", keep);
  const ask = async (/** @type {string} */ path) => (await fetch(base + path, {
    cache: "no-store",
    headers: isSecureContext ? {} : { "X-Requested-With": "fetch" },
    signal: AbortSignal.timeout(15_000),
  })).json();
  const enter = async () => {
    const start = await ask("/chat/start/?joins=all");
    return start.status === "ok" ? { start, me: await ask(`/chat/me/?seen=${start.response}`) } : null;
  };
  Object.assign(window, { begun: { channel, words, keep, answers: enter().catch(() => null) } });
}
