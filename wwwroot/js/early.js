// Runs before the first paint, so that a chosen theme does not flash up as the other one. No module: those wait.
try {
  document.documentElement.dataset.theme = JSON.parse(localStorage.getItem("erlchat.settings") ?? "{}").theme ?? "system";
} catch { /* as the system, then */ }
