export default {
  tagline: "Ein Ort zum Reden.",
  nick: "Name",
  /** @param {string} most */
  nickHint: (most) => `Buchstaben und Ziffern, bis zu ${most}.`,
  isMine: "Der Name gehört mir",
  password: "Passwort",
  newPassword: "Neues Passwort",
  setPassword: "Passwort setzen",
  invited: "Du bist eingeladen. Wähle einen Namen, der dann dir gehört, und ein Passwort dafür.",
  enter: "Zum Chat",
  linkHint: "Der Link führt in einen Raum dieses Chats. Wähle zuerst einen Namen.",
  /** @param {string} name */
  provider: (name) => `Anmelden mit ${name}`,
  newcomer: "Du bist zum ersten Mal hier. Wähle einen Namen, der dann dir gehört.",
  providerFailed: "Die Anmeldung hat nicht geklappt oder zu lange gedauert. Bitte versuche es noch einmal.",
  forgotten: "Passwort vergessen?",
  forgottenHint: "Der Chat schickt einen Link für ein neues Passwort an die E-Mail-Adresse, die du in den Einstellungen bestätigt hast.",
  forgottenSend: "Schick mir einen Link",
  forgottenSent: "Wenn ein Mitglied mit diesem Namen eine bestätigte E-Mail-Adresse hat, ist ein Link für ein neues Passwort dorthin "
    + "unterwegs. Wenn keiner ankommt, bitte einen Administrator um einen.",
  emailHint: "Ist das deine E-Mail-Adresse und dein Name? Links für ein neues Passwort werden dann dorthin geschickt.",
  emailConfirm: "Adresse bestätigen",
  emailConfirmed: "Diese E-Mail-Adresse ist bestätigt:",
  toTheLogin: "Zur Anmeldung",
  errors: /** @type {Record<string, (most: string) => string>} */ ({
    "The nickname must be alphanumeric and not blank.":
      (most) => `Der Name darf nur aus Buchstaben und Ziffern bestehen: 1 bis ${most}, ohne Leerzeichen, Satzzeichen und Emoji.`,
    "The nickname is too long.": (most) => `Der Name ist zu lang. Er hat höchstens ${most} Buchstaben und Ziffern.`,
    "The nickname must be of one script: please do not mix letters or digits of several.":
      () => "Der Name muss aus einer einzigen Schrift sein: Mische nicht Buchstaben oder Ziffern mehrerer Schriften.",
    "The nickname looks too much like another one in the chat.": () => "Dieser Name sieht einem anderen im Chat zu ähnlich.",
    "The nickname is not available.": () => "Dieser Name ist vergeben.",
    "Your host has too many connections to the chat server.": () => "Von deiner Adresse sind zu viele angemeldet.",
    "The nickname belongs to a member. If it is yours, please enter your password.":
      () => "Der Name gehört einem Mitglied. Wenn es deiner ist, gib dein Passwort ein.",
    "The nickname or the password is wrong.": () => "Der Name oder das Passwort ist falsch.",
    "Only members can log in here. Please enter your password.": () => "Hier können sich nur Mitglieder anmelden. Gib dein Passwort ein.",
    "The password is too short, longer than 128 characters, or the nickname.":
      () => "Das Passwort ist zu kurz, länger als 128 Zeichen oder der Name selbst.",
    "Only those who are invited can become members here. Please open the invitation first.":
      () => "Nur wer eingeladen ist, kann hier Mitglied werden. Öffne zuerst die Einladung.",
    "Nobody can become a member here at the moment.": () => "Zurzeit kann hier niemand Mitglied werden.",
    "The chat server has reached its limit of members.": () => "Der Chat hat so viele Mitglieder, wie er haben darf.",
    "The account belongs to another member of the chat, or you have connected too many.":
      () => "Das Konto gehört einem anderen Mitglied des Chats, oder du hast zu viele verbunden.",
    "You are not logged in as a member any more.": () => "Du bist nicht mehr als Mitglied angemeldet.",
    "The chat server cannot do that at the moment. Please try again later.":
      () => "Das geht im Moment nicht. Bitte versuche es später noch einmal.",
    "The link is not valid. It may have been used, or be too old. Please ask for another.":
      () => "Der Link gilt nicht. Vielleicht wurde er schon benutzt, oder er ist zu alt. Lass dir einen neuen geben.",
  }),

  // Die Seite einer abgelehnten Anfrage
  refusedForeign: "Dein Browser sagt, dass das von einer Seite einer anderen Website kam; deshalb ist nichts geschehen.",
  refusedOpaque: "Dein Browser sagt nicht, von welcher Seite das kam; deshalb ist nichts geschehen.",
  refusedUntold: "Dein Browser sagt nicht, von welcher Seite das kam; deshalb ist nichts geschehen. "
    + "Zum Verlassen des Chats gibt es einen Knopf.",
  refusedHost: "Unter dieser Adresse gibt es keinen Chat.",
  notFound: "Unter dieser Adresse gibt es keine Seite.",
  toTheChat: "Zum Chat",
  forOperators: "Für den Betreiber",

  // Die Seite, die nach dem Passwort der Administratoren fragt
  adminOff: "Auf diesem Server gibt es keine Administratoren, denn er hat kein Passwort für sie.",
  adminOffHow: "Der Betreiber des Servers kann eines anlegen:",
};
