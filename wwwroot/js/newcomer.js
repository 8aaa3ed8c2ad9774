// The page on which somebody new chooses a nickname is translated like the login page.

import "./index.js";
