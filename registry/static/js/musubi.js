// Starts each module where the page asks for it. Every page works without any of them.

import { focusErrors } from "./errors.js";
import { countCharacters } from "./count.js";
import { offerKeywords } from "./keywords.js";
import { watchDuplicates } from "./duplicates.js";
import { closePanels } from "./panels.js";
import { countSelected } from "./bulk.js";
import { listenToKeys } from "./keys.js";

focusErrors(document);
document.querySelectorAll("[data-count-for]").forEach(countCharacters);
document.querySelectorAll("[data-keywords]").forEach(offerKeywords);
document.querySelectorAll("[data-duplicates]").forEach(watchDuplicates);
document.querySelectorAll("[data-bulk]").forEach(countSelected);
closePanels(document);
listenToKeys(document);
