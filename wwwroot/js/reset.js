// The page for a new password is translated like the login page.

import "./index.js";
