// The texts of the settings, which are loaded with their dialogs.

export default {
  member: "Nickname and devices",
  theme: "Appearance",
  themeSystem: "Like the system",
  themeLight: "Light",
  themeDark: "Dark",
  language: "Language",
  languageSystem: "Like the browser",
  sound: "Sound for mentions and direct messages",
  quiet: "Do not disturb: no sound, no notifications",
  notifications: "Desktop notifications",
  allowNotifications: "Allow notifications",
  notificationsOn: "Notifications for mentions and direct messages are on.",
  notificationsDenied: "The browser does not allow notifications for this page.",
  notificationsNone: "This browser shows notifications only over https.",
  keys: /** @type {[string, string][]} */ ([
    ["Enter", "send the message"],
    ["Shift + Enter", "start a new line"],
    ["Tab", "complete a nick, a /command or an :emoji:"],
    ["↑ ↓", "recall what you sent, or move in the list"],
    ["Page ↑ ↓", "scroll the messages"],
    ["Alt + ↑ ↓", "previous, next conversation"],
    ["Alt + N", "next unread conversation"],
    ["Ctrl + K", "join a room"],
    ["Alt + /", "search"],
    ["Esc", "close, or jump to the newest message"],
    ["?", "this list (outside the message box)"],
  ]),

  // The nickname as one's own
  guestHint: "You are a guest: when you log out, anybody can take your nickname. With a password it stays yours, on all your devices.",
  password: "Password",
  /** @param {number} least */
  rule: (least) => `At least ${least} characters. A few words that you can remember are better than a few odd characters.`,
  keepNick: "Keep this nickname",
  kept: "The nickname is yours now.",
  /** @param {string} nick */
  memberHint: (nick) => `The nickname ${nick} is yours.`,
  changePassword: "Change the password",
  oldPassword: "Present password",
  newPassword: "New password",
  change: "Change it, and log out my other devices",
  changed: "The password is changed, and your other devices are logged out.",
  devices: "Your devices",
  thisDevice: "this device",
  /** @param {string} host @param {string} since */
  device: (host, since) => `${host}, since ${since}`,
  end: "Log out",
  endOthers: "Log out all others",
  refusals: /** @type {Record<string, string>} */ ({
    bad_password: "the new password is too short, too long, or your nickname",
    registration_closed: "nobody can become a member on this server",
    too_many_members: "there are too many members",
    already_member: "the nickname is yours already",
    not_member: "you are a guest",
  }),
};
