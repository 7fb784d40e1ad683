/** The console: decides who sees which page, and turns the pages. */
import { get } from "../shared/api.js";
import { t } from "../shared/words.js";
import { watch } from "./focus.js";
import { listen } from "./palette/shortcuts.js";
import { go, headed, route, toTheDoor } from "./routes.js";
import { greet, home, person, recognise, sees } from "./session.js";
import { Shell } from "./parts/shell.js";
import { dressed } from "./theme.js";

let key = "";

/** Shows the page of the address, once it is clear that it may be seen. */
async function turn() {
  const wanted = route(location.hash);
  if (!wanted.open && !person()) return toTheDoor();
  if (person() && wanted.open) return go(home());
  const next = wanted.open || sees(wanted.file) ? wanted : closed(wanted);
  if (next !== wanted && wanted.file === "assistants") return go(home()); // where an address without a page leads
  await import(`./pages/${next.file}.js`);
  if (location.hash && route(location.hash).key !== wanted.key) return;
  show(next);
}

/** What stands in the place of a page that is not for this person. @param {import("./routes.js").Route} wanted */
const closed = (wanted) => ({ ...wanted, tag: "page-closed", file: "closed", key: `page-closed:${wanted.key}`, closed: wanted.file });

/** @param {import("./routes.js").Route} next */
function show(next) {
  const shell = Shell.standing();
  shell.plain = next.open;
  shell.route = next;
  const standing = /** @type {import("./page.js").Page | null} */ (shell.main.firstElementChild);
  if (standing && next.key === key) {
    standing.route = next;
    return;
  }
  key = next.key;
  const page = /** @type {import("./page.js").Page} */ (document.createElement(next.tag));
  page.route = next;
  shell.main.replaceChildren(page);
  shell.main.scrollTop = 0;
  // Whoever takes the round goes on with it from page to page.
  if (!document.activeElement?.closest("balcao-tour")) shell.main.focus({ preventScroll: true });
}

/** Everything is drawn again, for a new language or another person. */
export function redraw() {
  key = "";
  document.querySelector("balcao-shell")?.remove();
  void turn();
}

async function begin() {
  dressed();
  await greet();
  document.title = t("house.name");
  window.addEventListener("hashchange", () => void turn());
  window.addEventListener("balcao:redraw", redraw);
  listen();
  watch();
  const { needed } = await get("/api/setup");
  if (needed) location.hash = "#/setup";
  else if ((await recognise()) && !location.hash) location.hash = headed();
  await turn();
}

begin().catch((error) => {
  const line = document.createElement("p");
  line.className = "problem alone";
  line.setAttribute("role", "alert");
  line.textContent = error.message;
  document.body.append(line);
});
