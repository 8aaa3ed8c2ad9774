// The page of a failed login is translated like the login page.

import "./index.js";
