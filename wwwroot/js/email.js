// The page that confirms an e-mail address is translated like the login page.

import "./index.js";
