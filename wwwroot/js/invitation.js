// The page of an invitation is translated like the login page.

import "./index.js";
