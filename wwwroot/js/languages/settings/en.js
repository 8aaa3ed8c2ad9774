// The texts of the settings and of other dialogs, which are loaded with them.

export default {
  member: "Nickname and devices",
  theme: "Appearance",
  themeSystem: "Like the system",
  themeLight: "Light",
  themeDark: "Dark",
  language: "Language",
  languageSystem: "Like the browser",
  enter: "The Enter key",
  enterUsual: "Sends; on a touch screen, starts a new line",
  enterSends: "Sends",
  enterBreaks: "Starts a new line (Ctrl + Enter sends)",
  sound: "Sound for mentions and direct messages",
  tellTyping: "Others see when you are typing",
  quiet: "Do not disturb: no sound, no notifications",
  ignored: "People you ignore",
  ignoredNobody: "Nobody. Press a nickname to ignore somebody.",
  ignore: "Ignore",
  stopIgnoring: "Stop ignoring",
  notifications: "Desktop notifications",
  allowNotifications: "Allow notifications",
  notificationsOn: "Notifications for mentions and direct messages are on.",
  notificationsDenied: "The browser does not allow notifications for this page.",
  notificationsNone: "This browser shows notifications only over https.",
  keys: /** @type {[string, string][]} */ ([
    ["Enter", "send the message"],
    ["Shift + Enter", "start a new line"],
    ["Tab", "complete a nick, a /command or an :emoji:"],
    ["↑ in an empty box", "edit your last message; again: recall what you sent before"],
    ["↑ ↓", "move in a list, or from message to message; Enter opens a message's menu, ← leads to reactions"],
    ["Page ↑ ↓", "scroll the messages"],
    ["Alt + ↑ ↓", "previous, next conversation"],
    ["Alt + N", "next unread conversation"],
    ["Alt + M", "list what is unread, and who has mentioned you"],
    ["Ctrl + K", "go to a room or a person, or join a room"],
    ["Alt + /", "search"],
    ["Esc", "close, stop editing or replying, or jump to the newest message"],
    ["?", "this list (outside the message box)"],
  ]),

  // Messages
  /** @param {string} nick @param {string} text */
  messageActions: (nick, text) => `What to do with the message of ${nick}: ${text}`,
  moreActions: "More",
  copyText: "Copy text",
  copyLink: "Copy link",
  noPlace: "There is no such room, conversation or message, or you cannot read it.",
  copied: "Copied.",
  editMessage: "Edit",
  editing: "You are editing a message.",
  save: "Save",
  cancel: "Cancel",
  undo: "Undo",
  /** @param {string} room */
  undoHint: (room) => `To come back to ${room}, press Shift and Tab, then Enter.`,
  leaveNow: "Leave",
  /** @param {string} room */
  leaveTitle: (room) => `Leave ${room}?`,
  leaveLast: "Nobody else is in this room, so it ends with you.",
  leavePrivate: "This room is private. You can only come back if somebody invites you again.",
  deleteMessage: "Delete…",
  deleteTitle: "Delete this message?",
  deleteHint: "It is deleted for everybody, and cannot be brought back.",
  deleteNow: "Delete",
  messageDeleted: "Message deleted.",
  earlier: "Earlier texts",
  noEarlier: "There are no earlier texts.",
  /** @param {string[]} nicks */
  typing: (nicks) => (
    nicks.length > 2 ? "Several people are typing…" : `${nicks.join(" and ")} ${nicks.length > 1 ? "are" : "is"} typing…`),
  /** @param {string} nick @param {string} text */
  corrected: (nick, text) => `${nick} corrected a message: ${text}`,
  quickActions: "React or reply",
  /** @param {string} emoji */
  reactWith: (emoji) => `React with ${emoji}`,
  reactOther: "React with another emoji…",
  reactions: "Reactions",
  /** @param {string} emoji @param {number} count @param {string[]} nicks @param {number} more */
  reacted: (emoji, count, nicks, more) => `${emoji} ${count}: ${nicks.join(", ")}${more ? ` and ${more} more` : ""}`,
  reply: "Reply",
  replyingTo: "Reply to",
  cancelReply: "Do not reply",
  quotedDeleted: "deleted message",
  quotedHidden: "a message of somebody you ignore",
  jumpToQuoted: "Show the message that this answers",
  pin: "Pin",
  unpin: "Unpin",
  /** @param {string} nick @param {boolean} on */
  pinned: (nick, on) => `${nick} ${on ? "pinned" : "unpinned"} a message.`,
  pinnedTitle: "Pinned messages",
  noPins: "Nothing is pinned here.",

  // The emoji picker
  emoji: "Choose an emoji",
  findEmoji: "Search emoji",
  emojiFound: "Found",
  noEmoji: "No emoji found.",
  emojiLost: "The emoji could not be loaded.",
  emojiGroups: /** @type {Record<string, string>} */ ({
    0: "Smileys", 1: "People", 3: "Animals and nature", 4: "Food and drink", 5: "Travel and places", 6: "Activities", 7: "Objects",
    8: "Symbols", 9: "Flags",
  }),

  // Going to rooms and people
  roomName: "Name of the room",
  join: "Join",
  allRooms: "All rooms",
  youAreIn: "you are in",
  /** @param {number} n */
  notIn: (n) => (n === 1 ? "1 person; you are not in" : `${n} people; you are not in`),
  /** @param {string} name */
  createRoom: (name) => `Create the room #${name}`,
  /** @param {string} name */
  joinOrCreate: (name) => `Join or create the room #${name}`,
  /** @param {number} n */
  found: (n) => (n === 1 ? "1 choice" : `${n} choices`),

  // Unread and mentions
  unread: "Unread",
  mentions: "Mentions",
  /** @param {number} n */
  atLeastUnread: (n) => `${n} or more unread messages`,
  nothingUnread: "You have read everything.",
  noMentions: "Nobody has mentioned you.",
  noMentionsYet: "Nobody has mentioned you lately.",
  looking: "Looking…",

  // Search
  noResults: "Nothing found.",
  moreResults: "Older results",
  searchWhere: "Where",
  everywhere: "Everywhere",
  searchHere: "Only in this conversation",
  writtenBy: "Written by",
  beforeDay: "Before",
  backToResults: "Search again to come back to the results.",
  noMessage: "That message is no longer there, or you cannot read it.",

  // A person's menu, moderation
  /** @param {string} nick */
  actionsFor: (nick) => `What to do with ${nick}`,
  writeTo: "Direct message",
  mention: "Mention",
  info: "Address and last action",
  kick: "Kick…",
  ban: "Ban…",
  mute: "Mute…",
  seconds: "For how long",
  times: /** @type {[number, string][]} */ (
    [[600, "10 minutes"], [3600, "1 hour"], [86400, "1 day"], [604800, "1 week"], [31536000, "1 year"]]),
  unmute: "Unmute",
  /** @param {string} nick */
  kickNick: (nick) => `Kick ${nick}`,
  banAddress: "Ban the address too",
  /** @param {string} host @param {number} count @param {string[]} others */
  banHitsOthers: (host, count, others) =>
    `A ban of the address ${host} also hits ${count === 1 ? "1 other session" : `${count} other sessions`}: `
    + others.join(", ") + (count > others.length ? ", …" : ""),
  /** @param {string} host */
  banHitsNobody: (host) => `Nobody else comes from ${host}.`,
  /** @param {string} nick */
  banNick: (nick) => `Ban ${nick}`,
  /** @param {string} nick */
  muteNick: (nick) => `Mute ${nick}`,
  muteAddress: "Mute the address too",
  /** @param {string} host @param {number} count @param {string[]} others */
  muteHitsOthers: (host, count, others) =>
    `Everyone who logs in from ${host} from now on is muted too. ${
      count === 1 ? "1 other session is" : `${count} other sessions are`} there now: `
    + others.join(", ") + (count > others.length ? ", …" : ""),

  // A room
  forYou: "For you",
  muteRoom: "Mute: only mentions of you count",
  joins: "People who join and leave",
  joinsFolded: "Show them in one line",
  joinsOn: "Show each in a line",
  joinsOff: "Do not show them",
  theRoom: "The room",
  /** @param {string} nick */
  ownedBy: (nick) => `It belongs to ${nick}.`,
  ownedByAdmins: "It belongs to the administrators.",
  topic: "Topic",
  setTopic: "Set the topic",
  rename: "Rename",
  /** @param {string} name */
  madeAs: (name) => `Also found as ${name}, the name with which it was made.`,
  isPrivate: "Private: only members can see it",
  isArchived: "Archived: nobody may write",
  isLocked: "Locked: only moderators may write",
  slow: "Slow: seconds between two messages of a member, or 0",
  setSlow: "Set the pause",
  moderators: "Moderators",
  promote: "Make a moderator",
  demote: "Remove as moderator",
  invitations: "Invitations",
  invite: "Invite",
  withdraw: "Take back",
  links: "Links",
  linksHint: "Whoever opens a link enters the room, until the link expires or is revoked.",
  /** @param {string} by @param {string} until */
  link: (by, until) => `by ${by}, until ${until}`,
  makeLink: "Make a link",
  linkMade: "Copy the link now; it is not shown again",
  revoke: "Revoke",

  // The nickname as one's own
  guestHint: "You are a guest: when you log out, anybody can take your nickname. With a password it stays yours, on all your devices.",
  password: "Password",
  /** @param {number} least */
  rule: (least) => `At least ${least} characters. A few words that you can remember are better than a few odd characters.`,
  keepNick: "Keep this nickname",
  invitation: "Invitation (the link that an administrator gave you)",
  kept: "The nickname is yours now.",
  /** @param {string} nick */
  memberHint: (nick) => `The nickname ${nick} is yours.`,
  changePassword: "Change the password",
  oldPassword: "Current password",
  newPassword: "New password",
  change: "Change it, and log out my other devices",
  changed: "The password is changed, and your other devices are logged out.",
  /** @param {string} name */
  connect: (name) => `Connect with ${name}`,
  /** @param {string} name */
  connectHint: (name) => `With your account there, you can then log in without the password. This leads to ${name} and back.`,
  /** @param {string} name */
  disconnect: (name) => `Disconnect from ${name}`,
  /** @param {string} name */
  disconnectHint: (name) => `Your account at ${name} then no longer opens the chat; your password still does.`,
  email: "E-mail address",
  emailHint: "If you forget your password, the chat sends a link for a new one to this address. Leave the field empty to remove it.",
  emailStore: "Store the address",
  emailNone: "No address is stored.",
  /** @param {string} address */
  emailConfirmed: (address) => `Your address is ${address}.`,
  /** @param {string} address */
  emailPending: (address) => `An e-mail is on its way to ${address}: open the link in it to confirm the address.`,
  devices: "Your devices",
  thisDevice: "this device",
  /** @param {string} host @param {string} since */
  device: (host, since) => `${host}, since ${since}`,
  end: "Log out",
  endOthers: "Log out all others",
  download: "Download my data",
  erase: "Delete my account",
  eraseHint: "You are logged out everywhere, and your messages are removed for everybody. This cannot be undone.",
  eraseSure: "Yes, delete everything",
  eraseNow: "Delete",
  refusals: /** @type {Record<string, string>} */ ({
    bad_password: "the new password is too short, too long, or your nickname",
    invitation_needed: "only those who are invited can become members: paste the link here",
    registration_closed: "nobody can become a member on this server",
    too_many_members: "there are too many members",
    already_member: "the nickname is yours already",
    not_member: "you are a guest",
    bad_email: "that is not an e-mail address to which the chat can send",
    bad_link: "the link is not valid; it may have expired or been revoked",
    home_room: "that is not possible in the lobby",
    name_not_free: "the name is not free",
    no_such_room: "there is no such room",
    not_moderator: "that is for moderators",
    not_owner: "that is for the room's owner",
    room_archived: "the room is archived",
    room_locked: "the room is locked",
    too_many_invitations: "too many people are invited",
    too_many_links: "there are too many links; revoke one",
    too_many_moderators: "there are too many moderators",
    too_many_ignored: "you ignore too many people",
    too_many_reactions: "there are too many different reactions",
    bad_emoji: "that is not an emoji",
    no_such_message: "that message is not there any more, or is not yours",
    too_old: "the message is too old to be edited; you can still delete it",
  }),
};
