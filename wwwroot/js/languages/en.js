// All texts of the pages, in English. A translation is a file like this one, plus a line in text/words.js.

/** @param {number} n */
const people = (n) => (n === 1 ? "1 person" : `${n} people`);

export default {
  // The frame
  sidebar: "Rooms and conversations",
  rooms: "Rooms",
  directs: "Direct messages",
  people: "People",
  /** @param {number} n */
  here: (n) => `${n} here`,
  logOut: "Log out",
  settings: "Settings",
  shortcuts: "Keyboard shortcuts",
  joinRoom: "Join a room",
  goTo: "Go to a room or a person",
  inbox: "Unread and mentions",
  leaveRoom: "Leave this room",
  aboutRoom: "About this room",
  /** @param {number} n */
  pinnedCount: (n) => `Pinned messages: ${n}`,
  closeConversation: "Close this conversation",
  search: "Search",
  showRooms: "Show rooms",
  showPeople: "Show people",
  close: "Close",
  noTopic: "No topic yet. Set one with /topic.",
  /** @param {string} nick @param {boolean} online */
  directTopic: (nick, online) => (online ? `Only you and ${nick} can read this.` : `${nick} is not in the chat now.`),
  /** @param {number} n */
  unread: (n) => (n === 1 ? "1 unread message" : `${n} unread messages`),
  mentioned: "you are mentioned",
  /** Direct messages and mentions. @param {number} n */
  unreadForYou: (n) => (n === 1 ? "1 unread message for you" : `${n} unread messages for you`),
  admin: "admin",
  online: "here",
  away: "away",
  notHere: "offline",
  goneFor: "left; anyone who has this nick now is a different user",
  you: "you",
  /** @param {string} where @param {number} count */
  title: (where, count) => `${count ? `(${count}) ` : ""}${where} – ErlChat`,

  // Messages
  messages: "Messages",
  newMessages: "New messages",
  edited: "(edited)",
  /** @param {string} time */
  linkTo: (time) => `${time}: link to this message`,
  /** @param {string} nick */
  deleted: (nick) => `Message of ${nick} deleted.`,
  jumpToNewest: "Jump to newest",
  /** @param {number} n */
  jumpWithNews: (n) => (n === 1 ? "1 new message" : `${n} new messages`),
  today: "Today",
  yesterday: "Yesterday",
  /** @param {string} room */
  beginning: (room) => `This is the beginning of #${room}.`,
  /** @param {string} nick */
  beginningWith: (nick) => `This is the beginning of your conversation with ${nick}.`,
  /** @param {string} room */
  welcome: (room) => `Welcome to ${room}`,
  /** @param {string} who @param {boolean} one */
  areHere: (who, one) => `${who} ${one ? "is" : "are"} here.`,
  /** @param {number} n */
  more: (n) => `${n} more`,
  /** @param {string} address */
  alone: (address) => `Nobody else is here yet. Others get here with this address: ${address}`,
  /** @param {string} address */
  aloneInRoom: (address) =>
    `Nobody else is here yet. Invite people with /invite. If the room is public, this address leads here: ${address}`,
  sayHello: "Say hello below.",
  waits: "What you write waits until then.",
  loadingOlder: "Loading older messages…",
  olderFailed: "Older messages could not be loaded.",
  tryAgain: "Try again",
  edit: "Edit",
  discard: "Discard",
  sending: "Sending…",
  tooFast: "Too fast; it will be sent in a moment…",
  /** @param {string} why */
  notSent: (why) => `Not sent: ${why}.`,
  /** @param {string} nick @param {string} text */
  says: (nick, text) => `${nick}: ${text}`,

  // The message box
  /** @param {string} name */
  messageTo: (name) => `Message ${name}`,
  send: "Send",
  suggestions: "Suggestions",
  emoji: "Emoji",
  tooLarge: "too long",
  tooManyMarks: "too many accents on one letter",
  showAll: "Show all",
  showLess: "Show less",
  marksCut: "Some accents are not shown: there were too many on one letter.",
  /** @param {number} n */
  charactersLeft: (n) => `${Math.abs(n)} ${Math.abs(n) === 1 ? "character" : "characters"} ${n < 0 ? "too many" : "left"}`,
  /** @param {string} name */
  noCommand: (name) => `There is no command /${name}. To say this, begin it with two slashes.`,
  noFiles: "Files and pictures cannot be sent yet.",
  givenBack: "Not sent: the command opened no conversation. Your text is back in the message box.",
  commands: /** @type {Record<string, string>} */ ({}),

  // System lines
  /** @param {string} nick */
  joined: (nick) => `${nick} joined.`,
  /** @param {string} nick @param {string} reason */
  left: (nick, reason) => (reason ? `${nick} left (${reason}).` : `${nick} left.`),
  timedOut: "timed out",
  /** People by name, or how many. @param {string} came @param {string} gone @param {string} back */
  moved: (came, gone, back) =>
    [came && `${came} joined`, gone && `${gone} left`, back && `${back} left and came back`].filter(Boolean).join(", "),
  /** @param {number} n */
  cameAndWent: (n) => `${people(n)} came and went`,
  /** @param {string} nick */
  adminIn: (nick) => `${nick} is now an administrator.`,
  /** @param {string} nick */
  adminOut: (nick) => `${nick} is no longer an administrator.`,
  /** @param {string} nick @param {string} topic */
  topicSet: (nick, topic) => (topic ? `${nick} set the topic: ${topic}` : `${nick} cleared the topic.`),
  /** @param {string} room */
  entered: (room) => `You are in #${room} now.`,
  /** @param {string} room */
  parted: (room) => `You left #${room}.`,

  // The connection
  connecting: "Connecting…",
  connected: "Connected",
  doubtful: "The server is slow to answer",
  connectionLost: "Connection lost",
  restarting: "The server is restarting",
  offline: "You are offline",
  superseded: "Stopped: the chat is open in too many places",
  takeOver: "Take over here",
  /** @param {number} seconds */
  again: (seconds) => `Trying again in ${seconds} s`,
  tryNow: "Try now",
  logInAgain: "Log in again",
  ends: /** @type {Record<string, string>} */ ({
    left: "You have left the chat",
    timeout: "You were away too long, so your session has ended",
    kicked: "You have been kicked from the chat",
    banned: "You have been banned from the chat",
  }),
  noSession: "You are not logged in",

  // Why something was refused
  refusals: /** @type {Record<string, string>} */ ({
    bad_session: "your session has ended",
    too_long: "it is too long",
    not_in_room: "you are not in that room",
    bad_text: "it contains characters that are not allowed",
    looks_alike: "the name looks like that of another room",
    no_such_user: "there is no such user",
    person_left: "there is no such user any more; somebody else may have the nick now",
    muted: "you are muted",
    unsure: "the server could not be reached; the message may or may not have arrived",
    http_413: "it is too long",
    bad_room_name: "a room name has 1 to 32 letters, digits, - or _",
    already_in_room: "you are in that room already",
    home_room: "everybody is in the lobby; log out to leave the chat",
    too_many_rooms: "there are too many rooms; leave one first",
    rate_limited: "too fast; wait a few seconds",
    bad_query: "search for one or more words, and close every quote",
    too_slow: "that search takes too long; use rarer words",
    not_allowed: "that is for administrators",
    wrong_password: "that is not the password",
    auth_off: "administration is switched off on this server",
    lost: "the server could not be reached",
  }),
  /** @param {string} code */
  refused: (code) => `the server refused it (${code})`,
  /** @param {string} why */
  failed: (why) => `That did not work: ${why}.`,

  // Dialogs
  authTitle: "Become an administrator",
  authHint: "The password is only sent to the server. It is never shown in the chat and not stored.",
  authPassword: "Administrators' password",
  authSend: "Log in",
  /** @param {number} seconds */
  authWait: (seconds) => (seconds === 1 ? "too many tries; wait a second" : `too many tries; wait ${seconds} seconds`),
  members: people,
  searchFor: "Search for",

  // A person's menu, moderation
  bans: "Bans",
  reason: "Reason",
  host: "Address",
  nick: "Nickname",
  until: "Until",
  unban: "Unban",
  noBans: "Nobody is banned.",
  operator: "Server",
};
