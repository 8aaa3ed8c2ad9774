export default {
  tagline: "מקום לדבר.",
  nick: "כינוי",
  /** @param {string} most */
  nickHint: (most) => `אותיות וספרות, עד ${most}.`,
  isMine: "הכינוי שלי",
  password: "סיסמה",
  newPassword: "סיסמה חדשה",
  setPassword: "קביעת הסיסמה",
  invited: "הוזמנתם. יש לבחור כינוי, שיהיה שלכם, וסיסמה עבורו.",
  enter: "כניסה לצ'אט",
  linkHint: "הקישור מוביל לחדר בצ'אט הזה. קודם יש לבחור כינוי.",
  /** @param {string} name */
  provider: (name) => `כניסה עם ${name}`,
  newcomer: "זו הפעם הראשונה שלכם כאן. יש לבחור כינוי, שיהיה שלכם.",
  providerFailed: "הכניסה לא הצליחה או נמשכה זמן רב מדי. נא לנסות שוב.",
  forgotten: "שכחתם את הסיסמה?",
  forgottenHint: "הצ'אט שולח קישור לסיסמה חדשה לכתובת הדוא\"ל שאישרתם בהגדרות.",
  forgottenSend: "לשלוח לי קישור",
  forgottenSent: "אם לחבר בשם הזה יש כתובת דוא\"ל מאושרת, קישור לסיסמה חדשה בדרך אליה. אם לא הגיע, אפשר לבקש אחד מהמנהלים.",
  emailHint: "האם אלה כתובת הדוא\"ל והכינוי שלכם? קישורים לסיסמה חדשה יישלחו אליה.",
  emailConfirm: "אישור הכתובת",
  emailConfirmed: "כתובת הדוא\"ל הזאת מאושרת:",
  toTheLogin: "לדף הכניסה",
  errors: /** @type {Record<string, (most: string) => string>} */ ({
    "The nickname must be alphanumeric and not blank.": (most) => `הכינוי הוא 1 עד ${most} אותיות וספרות, בלי רווחים, סימנים ואמוג'י.`,
    "The nickname is too long.": (most) => `הכינוי ארוך מדי. יש בו לכל היותר ${most} אותיות וספרות.`,
    "The nickname must be of one script: please do not mix letters or digits of several.":
      () => "הכינוי צריך להיות בכתב אחד: אין לערבב אותיות או ספרות של כמה כתבים.",
    "The nickname looks too much like another one in the chat.": () => "הכינוי דומה מדי לכינוי אחר בצ'אט.",
    "The nickname is not available.": () => "הכינוי תפוס.",
    "Your host has too many connections to the chat server.": () => "יש יותר מדי חיבורים מהכתובת שלכם.",
    "The nickname belongs to a member. If it is yours, please enter your password.":
      () => "הכינוי שייך לאחד החברים. אם הוא שלכם, יש להקליד את הסיסמה.",
    "The nickname or the password is wrong.": () => "הכינוי או הסיסמה שגויים.",
    "Only members can log in here. Please enter your password.": () => "רק חברים יכולים להיכנס כאן. יש להקליד את הסיסמה.",
    "The password is too short, longer than 128 characters, or the nickname.":
      () => "הסיסמה קצרה מדי, ארוכה מ-128 תווים, או שהיא הכינוי.",
    "Only those who are invited can become members here. Please open the invitation first.":
      () => "רק מוזמנים יכולים להפוך כאן לחברים. יש לפתוח קודם את ההזמנה.",
    "Nobody can become a member here at the moment.": () => "כרגע אי אפשר להפוך כאן לחברים.",
    "The chat server has reached its limit of members.": () => "בצ'אט יש כבר מספר החברים המרבי.",
    "The account belongs to another member of the chat, or you have connected too many.":
      () => "החשבון שייך לחבר אחר בצ'אט, או שחיברתם יותר מדי.",
    "You are not logged in as a member any more.": () => "אינכם מחוברים עוד כחברים.",
    "The chat server cannot do that at the moment. Please try again later.": () => "זה לא אפשרי כרגע. נא לנסות שוב מאוחר יותר.",
    "The link is not valid. It may have been used, or be too old. Please ask for another.":
      () => "הקישור אינו תקף. ייתכן שכבר השתמשו בו, או שהוא ישן מדי. אפשר לבקש אחר.",
  }),

  // הדף של בקשה שנדחתה
  refusedForeign: "הדפדפן אומר שזה בא מדף של אתר אחר, ולכן לא נעשה דבר.",
  refusedOpaque: "הדפדפן לא אומר מאיזה דף זה בא, ולכן לא נעשה דבר.",
  refusedUntold: "הדפדפן לא אומר מאיזה דף זה בא, ולכן לא נעשה דבר. כדי לצאת מהצ'אט יש להשתמש בכפתור שלו.",
  refusedHost: "הצ'אט אינו בכתובת הזאת.",
  notFound: "אין דף בכתובת הזאת.",
  toTheChat: "לצ'אט",
  forOperators: "למפעילים",

  // הדף ששואל לסיסמת המנהלים
  adminOff: "בשרת הזה אין מנהלים, כי אין להם סיסמה.",
  adminOffHow: "מפעיל השרת יכול ליצור אחת כך:",
};
