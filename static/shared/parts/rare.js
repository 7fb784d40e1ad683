/** The phrases of what few answers have, and of a page that is opened: they come with the first that has it. */
import { alsoSay, language, speak } from "../words.js";

alsoSay((chosen) => import(`./words/${chosen}.js`));
await speak(language());
