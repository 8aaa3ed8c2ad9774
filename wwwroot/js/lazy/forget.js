// Removes what the chat has stored, and nothing of other applications at the same address.

export function forget() {
  for (const find of [() => localStorage, () => sessionStorage]) {
    try {
      const storage = find();
      for (const key of Object.keys(storage).filter((one) => one.startsWith("erlchat."))) storage.removeItem(key);
    } catch { /* blocked, so there is nothing */ }
  }
}
