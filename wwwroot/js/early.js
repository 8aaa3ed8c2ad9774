// Runs before the first paint, so that a chosen theme does not flash up as the other one. No module: those wait.
try {
  document.documentElement.dataset.theme = JSON.parse(localStorage.getItem("erlchat.settings") ?? "{}").theme ?? "system";
} catch { /* as the system, then */ }

// A module that could not be loaded leaves a page that does nothing: it is loaded again, once, and not by everybody at the same moment.
addEventListener("error", ({ target }) => {
  // The login page works without scripts; its nickname may be half typed.
  if (!(target instanceof HTMLScriptElement) || document.querySelector("form#login")) return;
  try {
    const last = Number(sessionStorage.getItem("erlchat.reloaded"));
    if (Date.now() - last < 60_000) return;
    sessionStorage.setItem("erlchat.reloaded", String(Date.now()));
    setTimeout(() => location.reload(), 1000 + Math.random() * 3000);
  } catch { /* without a memory it could go on for ever */ }
}, true);
