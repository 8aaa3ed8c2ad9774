// The page for those who forgot their password is translated like the login page.

import "./index.js";
