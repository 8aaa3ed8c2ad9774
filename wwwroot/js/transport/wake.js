// When a page comes back to life: from the background, from sleep, from having no network.

// A clock that jumps this far was asleep.
const JUMP = 15_000;
const LOOK = 2000;

/** @param {{woke: () => void, online: () => void, offline: () => void}} host */
export function watchLife(host) {
  addEventListener("online", host.online);
  addEventListener("offline", host.offline);
  document.addEventListener("visibilitychange", () => document.hidden || host.woke());
  document.addEventListener("resume", host.woke);
  let last = Date.now();
  setInterval(() => {
    const now = Date.now();
    if (now - last > JUMP) host.woke();
    last = now;
  }, LOOK);
}
