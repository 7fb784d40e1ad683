/** Who sits at this console, and in which language it speaks to them. */
import { ask, get, Problem, request } from "../shared/api.js";
import { alsoSay, known, preferred, speak } from "../shared/words.js";

/** @typedef {import("../shared/types").Person} Person */

const CHOSEN = "balcao.language";
// Whether somebody has signed in with this browser: the session itself is a
// cookie that no script can see, and asking the server as a stranger is a 401,
// which browsers report as an error on every first visit.
const KNOWN = "balcao.known";

alsoSay((chosen) => import(`./words/${chosen}.js`));
alsoSay((chosen) => import(`./reading/words/${chosen}.js`));
alsoSay((chosen) => import(`./sources/words/${chosen}.js`));
alsoSay((chosen) => import(`./people/words/${chosen}.js`));
alsoSay((chosen) => import(`./audit/words/${chosen}.js`));
alsoSay((chosen) => import(`./conversations/words/${chosen}.js`));
alsoSay((chosen) => import(`./reference/words/${chosen}.js`));
alsoSay((chosen) => import(`./settings/words/${chosen}.js`));
alsoSay((chosen) => import(`./doctor/words/${chosen}.js`));
alsoSay((chosen) => import(`./backups/words/${chosen}.js`));
alsoSay((chosen) => import(`./egress/words/${chosen}.js`));
alsoSay((chosen) => import(`./second-factor/words/${chosen}.js`));
alsoSay((chosen) => import(`./rights/words/${chosen}.js`));
alsoSay((chosen) => import(`./visitors/words/${chosen}.js`));
alsoSay((chosen) => import(`./subjects/words/${chosen}.js`));
alsoSay((chosen) => import(`./maker/words/${chosen}.js`));
alsoSay((chosen) => import(`./quality/words/${chosen}.js`));
alsoSay((chosen) => import(`./approved/words/${chosen}.js`));
alsoSay((chosen) => import(`./gaps/words/${chosen}.js`));
alsoSay((chosen) => import(`./flows/words/${chosen}.js`));
alsoSay((chosen) => import(`./palette/words/${chosen}.js`));
alsoSay((chosen) => import(`./jobs/words/${chosen}.js`));
alsoSay((chosen) => import(`./usage/words/${chosen}.js`));
alsoSay((chosen) => import(`./bulk/words/${chosen}.js`));
alsoSay((chosen) => import(`./tour/words/${chosen}.js`));

/** @type {Person | null} */
let somebody = null;

/** @returns {Person | null} */
export const person = () => somebody;

/** @returns {boolean} whether this person may change some assistants */
export const edits = () => ["admin", "editor"].includes(somebody?.role ?? "");

// Whom a page is for; one that is not named here is for everybody but auditors.
const ADMINISTRATORS = ["admin"], EDITORS = ["admin", "editor"], READERS = ["admin", "editor", "member"];
const EVERYBODY = [...READERS, "auditor"];
/** @type {Record<string, readonly string[]>} */
const AUDIENCES = {
  api: ADMINISTRATORS, audit: ["admin", "auditor"], backups: ADMINISTRATORS, dashboard: ADMINISTRATORS, doctor: ADMINISTRATORS, egress: ADMINISTRATORS, gaps: EDITORS, groups: ADMINISTRATORS,
  handovers: EDITORS, jobs: EDITORS, keys: ADMINISTRATORS, models: ADMINISTRATORS, people: ADMINISTRATORS, profile: EVERYBODY,
  "second-factor": EVERYBODY, settings: ADMINISTRATORS, source: EDITORS, sources: EDITORS,
  subjects: ADMINISTRATORS, trash: EDITORS, wizard: EDITORS,
};

/** @returns {string} where this person begins */
export const home = () => (somebody?.role === "auditor" ? "#/audit" : "#/assistants");

/** @param {string} file of a page @returns {readonly string[]} the roles that it is for */
export const audience = (file) => AUDIENCES[file] ?? READERS;

/** @param {string} file of a page @returns {boolean} whether it is for this person at all */
export const sees = (file) => audience(file).includes(somebody?.role ?? "");

/** @param {{ editable?: boolean } | null | undefined} one @returns {boolean} whether this person may change it, and so look behind it */
export const mayChange = (one) => edits() && one?.editable !== false;

/** Speaks the language chosen here before, or the browser's. */
export const greet = () => speak(known(localStorage.getItem(CHOSEN)) ?? preferred());

/** @returns {Promise<Person | null>} who is signed in, asked of the server */
export async function recognise() {
  if (!localStorage.getItem(KNOWN)) return null;
  try {
    const told = await get("/api/session");
    await welcome(told.person ?? null);
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error;
    forget();
  }
  return somebody;
}

/** @param {string} email @param {string} password @param {string} totp */
export async function signIn(email, password, totp) {
  const told = await request("POST", "/api/session", { email, password, ...(totp && { totp }) });
  await welcome(told.person);
}

/** Ends the session; the browser forgets the person as well. @returns {Promise<string>} where another server is left, too; "" for nowhere */
export async function signOut() {
  const left = await ask("DELETE", "/api/session");
  forget();
  return left.headers.get("Location") ?? "";
}

/** Forgets the person when the server no longer knows the session. */
export function forget() {
  localStorage.removeItem(KNOWN);
  somebody = null;
}

/** @param {import("../shared/types").Language} language */
export async function choose(language) {
  localStorage.setItem(CHOSEN, language);
  await speak(language);
  if (!somebody) return;
  somebody = { ...somebody, language };
  await request("PATCH", `/api/people/${somebody.id}`, { language });
}

/** @param {Person | null} who */
async function welcome(who) {
  somebody = who;
  if (!who) return;
  localStorage.setItem(KNOWN, "yes");
  localStorage.setItem(CHOSEN, who.language);
  await speak(who.language);
}
