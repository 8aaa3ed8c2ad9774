// The texts of the pages around the chat, which the chat itself does not load.

export default {
  tagline: "A place to talk.",
  nick: "Nickname",
  /** @param {string} most */
  nickHint: (most) => `Letters and digits, up to ${most}.`,
  isMine: "The nickname is mine",
  password: "Password",
  newPassword: "New password",
  setPassword: "Set the password",
  invited: "You are invited. Choose a nickname, which will be yours, and a password for it.",
  enter: "Enter the chat",
  linkHint: "The link leads into a room of this chat. Choose a nickname first.",
  /** @param {string} name */
  provider: (name) => `Log in with ${name}`,
  newcomer: "You are here for the first time. Choose a nickname, which will be yours.",
  providerFailed: "The login did not work, or took too long. Please try again.",
  forgotten: "Forgot your password?",
  forgottenHint: "The chat sends a link for a new password to the e-mail address that you have confirmed in the settings.",
  forgottenSend: "Send me a link",
  forgottenSent: "If a member of this name has a confirmed e-mail address, a link for a new password is on its way there. "
    + "If none arrives, ask an administrator for one.",
  emailHint: "Is this your e-mail address, and your nickname? Links for a new password will be sent there.",
  emailConfirm: "Confirm the address",
  emailConfirmed: "This e-mail address is confirmed:",
  toTheLogin: "To the login page",
  // The server's text for this is that of the original, which older clients look for.
  errors: /** @type {Record<string, (most: string) => string>} */ ({
    "The nickname must be alphanumeric and not blank.":
      (most) => `Use 1 to ${most} letters and digits, without blanks, signs or emoji.`,
  }),

  // A refused request's page
  refusedForeign: "Your browser says that this came from a page of another site, so nothing was done.",
  refusedOpaque: "Your browser does not say which page this came from, so nothing was done.",
  refusedUntold: "Your browser does not say which page this came from, so nothing was done. To leave the chat, use its button.",
  refusedHost: "This chat is not at this address.",
  notFound: "There is no page at this address.",
  toTheChat: "To the chat",
  forOperators: "For the operator",

  // The page that asks for the administrators' password
  adminOff: "Administration is switched off on this server, because it has no administrators' password.",
  adminOffHow: "The operator of the server can create one with:",
};
