export default {
  member: "Name und Geräte",
  theme: "Aussehen",
  themeSystem: "Wie das System",
  themeLight: "Hell",
  themeDark: "Dunkel",
  language: "Sprache",
  languageSystem: "Wie der Browser",
  enter: "Die Eingabetaste",
  enterUsual: "Sendet; auf einem Touchscreen beginnt sie eine neue Zeile",
  enterSends: "Sendet",
  enterBreaks: "Beginnt eine neue Zeile (Strg + Enter sendet)",
  sound: "Ton bei Erwähnungen und Direktnachrichten",
  tellTyping: "Andere sehen, wenn du gerade schreibst",
  quiet: "Nicht stören: kein Ton, keine Benachrichtigungen",
  ignored: "Wen du ignorierst",
  ignoredNobody: "Niemanden. Drücke auf einen Namen, um jemanden zu ignorieren.",
  ignore: "Ignorieren",
  stopIgnoring: "Nicht mehr ignorieren",
  notifications: "Benachrichtigungen",
  allowNotifications: "Benachrichtigungen erlauben",
  notificationsOn: "Benachrichtigungen für Erwähnungen und Direktnachrichten sind an.",
  notificationsDenied: "Der Browser erlaubt dieser Seite keine Benachrichtigungen.",
  notificationsNone: "Dieser Browser zeigt Benachrichtigungen nur über https.",
  keys: [
    ["Enter", "die Nachricht senden"],
    ["Umschalt + Enter", "eine neue Zeile beginnen"],
    ["Tab", "einen Namen, /Befehl oder ein :Emoji: ergänzen"],
    ["↑ im leeren Feld", "die letzte eigene Nachricht bearbeiten; noch einmal: früher Gesendetes zurückholen"],
    ["↑ ↓", "in einer Liste oder von Nachricht zu Nachricht gehen; Enter öffnet das Menü einer Nachricht, ← führt zu den Reaktionen"],
    ["Bild ↑ ↓", "die Nachrichten rollen"],
    ["Alt + ↑ ↓", "voriges, nächstes Gespräch"],
    ["Alt + N", "nächstes ungelesenes Gespräch"],
    ["Alt + M", "zeigen, was ungelesen ist und wer dich erwähnt hat"],
    ["Strg + K", "zu einem Raum oder einer Person gehen, oder einen Raum betreten"],
    ["Alt + /", "suchen"],
    ["Esc", "schließen, Bearbeiten oder Antworten abbrechen, oder zur neuesten Nachricht"],
    ["?", "diese Liste (außerhalb des Eingabefelds)"],
  ],

  // Nachrichten
  /** @param {string} nick @param {string} text */
  messageActions: (nick, text) => `Was mit der Nachricht von ${nick} geschehen soll: ${text}`,
  moreActions: "Mehr",
  copyText: "Text kopieren",
  copyLink: "Link kopieren",
  noPlace: "Diesen Raum, dieses Gespräch oder diese Nachricht gibt es nicht, oder du kannst sie nicht lesen.",
  copied: "Kopiert.",
  editMessage: "Bearbeiten",
  editing: "Du bearbeitest eine Nachricht.",
  save: "Speichern",
  cancel: "Abbrechen",
  undo: "Rückgängig",
  undoHint: (/** @type {string} */ room) => `Um nach ${room} zurückzukommen, drücke Umschalt und Tab, dann Enter.`,
  leaveNow: "Verlassen",
  leaveTitle: (/** @type {string} */ room) => `${room} verlassen?`,
  leaveLast: "Außer dir ist niemand in diesem Raum. Wenn du gehst, endet er.",
  leavePrivate: "Dieser Raum ist privat. Du kommst nur zurück, wenn dich jemand wieder einlädt.",
  deleteMessage: "Löschen…",
  deleteTitle: "Diese Nachricht löschen?",
  deleteHint: "Sie wird für alle gelöscht und lässt sich nicht zurückholen.",
  deleteNow: "Löschen",
  messageDeleted: "Nachricht gelöscht.",
  earlier: "Frühere Fassungen",
  noEarlier: "Es gibt keine früheren Fassungen.",
  /** @param {string[]} nicks */
  typing: (nicks) => (
    nicks.length > 2 ? "Mehrere schreiben gerade…" : `${nicks.join(" und ")} ${nicks.length > 1 ? "schreiben" : "schreibt"} gerade…`),
  /** @param {string} nick @param {string} text */
  corrected: (nick, text) => `${nick} hat eine Nachricht verbessert: ${text}`,
  quickActions: "Reagieren oder antworten",
  /** @param {string} emoji */
  reactWith: (emoji) => `Mit ${emoji} reagieren`,
  reactOther: "Mit einem anderen Emoji reagieren …",
  reactions: "Reaktionen",
  /** @param {string} emoji @param {number} count @param {string[]} nicks @param {number} more */
  reacted: (emoji, count, nicks, more) => `${emoji} ${count}: ${nicks.join(", ")}${more ? ` und ${more} weitere` : ""}`,
  reply: "Antworten",
  replyingTo: "Antwort an",
  cancelReply: "Nicht antworten",
  quotedDeleted: "gelöschte Nachricht",
  quotedHidden: "eine Nachricht von jemandem, den du ignorierst",
  jumpToQuoted: "Die Nachricht zeigen, auf die geantwortet wird",
  pin: "Anheften",
  unpin: "Ablösen",
  /** @param {string} nick @param {boolean} on */
  pinned: (nick, on) => `${nick} hat eine Nachricht ${on ? "angeheftet" : "abgelöst"}.`,
  pinnedTitle: "Angeheftete Nachrichten",
  noPins: "Hier ist nichts angeheftet.",

  // Die Auswahl der Emojis
  emoji: "Ein Emoji wählen",
  findEmoji: "Emoji suchen",
  emojiFound: "Gefunden",
  noEmoji: "Kein Emoji gefunden.",
  emojiLost: "Die Emojis konnten nicht geladen werden.",
  emojiGroups: {
    0: "Smileys", 1: "Menschen", 3: "Tiere und Natur", 4: "Essen und Trinken", 5: "Reisen und Orte", 6: "Aktivitäten", 7: "Gegenstände",
    8: "Symbole", 9: "Flaggen",
  },

  // Zu Räumen und Personen
  roomName: "Name des Raums",
  join: "Betreten",
  allRooms: "Alle Räume",
  youAreIn: "du bist darin",
  /** @param {number} n */
  notIn: (n) => (n === 1 ? "1 Person; du bist nicht dort" : `${n} Personen; du bist nicht dort`),
  /** @param {string} name */
  createRoom: (name) => `Den Raum #${name} anlegen`,
  /** @param {string} name */
  joinOrCreate: (name) => `Den Raum #${name} betreten oder anlegen`,
  /** @param {number} n */
  found: (n) => (n === 1 ? "1 Möglichkeit" : `${n} Möglichkeiten`),

  // Ungelesen und Erwähnungen
  unread: "Ungelesen",
  mentions: "Erwähnungen",
  /** @param {number} n */
  atLeastUnread: (n) => `${n} oder mehr ungelesene Nachrichten`,
  nothingUnread: "Du hast alles gelesen.",
  noMentions: "Niemand hat dich erwähnt.",
  noMentionsYet: "Niemand hat dich in letzter Zeit erwähnt.",
  looking: "Es wird gesucht…",

  // Suche
  noResults: "Nichts gefunden.",
  moreResults: "Ältere Treffer",
  searchWhere: "Wo",
  everywhere: "Überall",
  searchHere: "Nur in diesem Gespräch",
  writtenBy: "Geschrieben von",
  beforeDay: "Vor dem Tag",
  backToResults: "Suche noch einmal, um zu den Treffern zurückzukommen.",
  noMessage: "Diese Nachricht gibt es nicht mehr, oder du kannst sie nicht lesen.",

  // Das Menü einer Person, Moderation
  /** @param {string} nick */
  actionsFor: (nick) => `Was mit ${nick} geschehen soll`,
  writeTo: "Direktnachricht",
  mention: "Erwähnen",
  info: "Adresse und letzte Aktion",
  kick: "Hinauswerfen…",
  ban: "Sperren…",
  mute: "Stummschalten…",
  seconds: "Wie lange",
  times: [[600, "10 Minuten"], [3600, "1 Stunde"], [86400, "1 Tag"], [604800, "1 Woche"], [31536000, "1 Jahr"]],
  unmute: "Nicht länger",
  /** @param {string} nick */
  kickNick: (nick) => `${nick} hinauswerfen`,
  banAddress: "Auch die Adresse sperren",
  /** @param {string} host @param {number} count @param {string[]} others */
  banHitsOthers: (host, count, others) =>
    `Eine Sperre der Adresse ${host} trifft auch ${count === 1 ? "1 weitere Sitzung" : `${count} weitere Sitzungen`}: `
    + others.join(", ") + (count > others.length ? ", …" : ""),
  /** @param {string} host */
  banHitsNobody: (host) => `Von ${host} kommt sonst niemand.`,
  /** @param {string} nick */
  banNick: (nick) => `${nick} sperren`,
  /** @param {string} nick */
  muteNick: (nick) => `${nick} stummschalten`,
  muteAddress: "Auch die Adresse stummschalten",
  /** @param {string} host @param {number} count @param {string[]} others */
  muteHitsOthers: (host, count, others) =>
    `Auch wer sich von nun an von ${host} anmeldet, ist stumm. Jetzt ${
      count === 1 ? "ist dort 1 weitere Sitzung" : `sind dort ${count} weitere Sitzungen`}: `
    + others.join(", ") + (count > others.length ? ", …" : ""),

  // Ein Raum
  forYou: "Für dich",
  muteRoom: "Stumm: Nur wo du erwähnt wirst, zählt",
  joins: "Wer kommt und geht",
  joinsFolded: "In einer Zeile zeigen",
  joinsOn: "Jeden in einer Zeile zeigen",
  joinsOff: "Nicht zeigen",
  theRoom: "Der Raum",
  /** @param {string} nick */
  ownedBy: (nick) => `Er gehört ${nick}.`,
  ownedByAdmins: "Er gehört den Administratoren.",
  topic: "Thema",
  setTopic: "Thema setzen",
  rename: "Umbenennen",
  /** @param {string} name */
  madeAs: (name) => `Auch zu finden als ${name}: So hieß er zuerst.`,
  isPrivate: "Privat: Nur Mitglieder sehen ihn",
  isArchived: "Archiviert: Niemand schreibt mehr",
  isLocked: "Gesperrt: Nur Moderatoren schreiben",
  slow: "Langsam: Sekunden zwischen zwei Nachrichten eines Mitglieds, oder 0",
  setSlow: "Pause setzen",
  moderators: "Moderatoren",
  promote: "Zum Moderator machen",
  demote: "Rechte beenden",
  invitations: "Einladungen",
  invite: "Einladen",
  withdraw: "Zurücknehmen",
  links: "Links",
  linksHint: "Wer einen Link öffnet, betritt den Raum, bis der Link abläuft oder widerrufen wird.",
  /** @param {string} by @param {string} until */
  link: (by, until) => `von ${by}, bis ${until}`,
  makeLink: "Link erstellen",
  linkMade: "Kopiere den Link jetzt; er wird nicht wieder gezeigt",
  revoke: "Widerrufen",

  // Der eigene Name
  guestHint: "Du bist Gast: Wenn du dich abmeldest, kann jeder deinen Namen nehmen. Mit Passwort bleibt er deiner, auf allen Geräten.",
  password: "Passwort",
  /** @param {number} least */
  rule: (least) => `Mindestens ${least} Zeichen. Ein paar Wörter, die du dir merken kannst, sind besser als wenige seltsame Zeichen.`,
  keepNick: "Diesen Namen behalten",
  invitation: "Einladung (der Link eines Administrators)",
  kept: "Der Name gehört jetzt dir.",
  /** @param {string} nick */
  memberHint: (nick) => `Der Name ${nick} gehört dir.`,
  changePassword: "Passwort ändern",
  oldPassword: "Jetziges Passwort",
  newPassword: "Neues Passwort",
  change: "Ändern und meine anderen Geräte abmelden",
  changed: "Das Passwort ist geändert, deine anderen Geräte sind abgemeldet.",
  /** @param {string} name */
  connect: (name) => `Mit ${name} verbinden`,
  /** @param {string} name */
  connectHint: (name) => `Mit deinem Konto dort kannst du dich dann ohne Passwort anmelden. Das führt zu ${name} und zurück.`,
  /** @param {string} name */
  disconnect: (name) => `Verbindung mit ${name} lösen`,
  /** @param {string} name */
  disconnectHint: (name) => `Dein Konto bei ${name} öffnet den Chat dann nicht mehr; dein Passwort weiterhin.`,
  email: "E-Mail-Adresse",
  emailHint: "Wenn du dein Passwort vergisst, schickt der Chat einen Link für ein neues an diese Adresse. Ein leeres Feld entfernt sie.",
  emailStore: "Adresse speichern",
  emailNone: "Keine Adresse ist gespeichert.",
  /** @param {string} address */
  emailConfirmed: (address) => `Deine Adresse ist ${address}.`,
  /** @param {string} address */
  emailPending: (address) => `Eine E-Mail ist unterwegs an ${address}: Öffne den Link darin, um die Adresse zu bestätigen.`,
  devices: "Deine Geräte",
  thisDevice: "dieses Gerät",
  /** @param {string} host @param {string} since */
  device: (host, since) => `${host}, seit ${since}`,
  end: "Abmelden",
  endOthers: "Alle anderen abmelden",
  download: "Meine Daten herunterladen",
  erase: "Mein Konto löschen",
  eraseHint: "Du wirst überall abgemeldet, und deine Nachrichten verschwinden für alle. Das lässt sich nicht rückgängig machen.",
  eraseSure: "Ja, alles löschen",
  eraseNow: "Löschen",
  refusals: /** @type {Record<string, string>} */ ({
    bad_password: "das neue Passwort ist zu kurz, zu lang oder dein Name",
    invitation_needed: "nur wer eingeladen ist, kann Mitglied werden: füge den Link hier ein",
    registration_closed: "auf diesem Server kann niemand Mitglied werden",
    too_many_members: "es gibt zu viele Mitglieder",
    already_member: "der Name gehört dir schon",
    not_member: "du bist Gast",
    bad_email: "an diese E-Mail-Adresse kann der Chat nicht schreiben",
    bad_link: "der Link gilt nicht; vielleicht ist er abgelaufen oder widerrufen",
    home_room: "das geht in der Lobby nicht",
    name_not_free: "der Name ist nicht frei",
    no_such_room: "diesen Raum gibt es nicht",
    not_moderator: "das dürfen nur Moderatoren",
    not_owner: "das darf nur, wem der Raum gehört",
    room_archived: "der Raum ist archiviert",
    room_locked: "der Raum ist gesperrt",
    too_many_invitations: "es sind zu viele eingeladen",
    too_many_links: "es gibt zu viele Links; widerrufe einen",
    too_many_moderators: "es gibt zu viele Moderatoren",
    too_many_ignored: "du ignorierst zu viele",
    too_many_reactions: "es gibt zu viele verschiedene Reaktionen",
    bad_emoji: "das ist kein Emoji",
    no_such_message: "die Nachricht gibt es nicht mehr, oder sie ist nicht von dir",
    too_old: "die Nachricht ist zu alt zum Bearbeiten; löschen kannst du sie noch",
  }),
};
