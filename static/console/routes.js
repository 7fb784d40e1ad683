/**
 * Addresses of the console: everything after "#/".
 *
 * A route names the element that draws the page and the file that declares
 * it; a page is fetched when it is first needed.
 */

/**
 * @typedef {object} Route
 * @property {string} tag the page's element
 * @property {string} file where it is declared
 * @property {string} key the same key keeps the same element (its state lives on)
 * @property {string[]} path what follows "#/", in parts
 * @property {URLSearchParams} query
 * @property {boolean} open whether it can be seen without signing in
 * @property {string} [closed] the page that is not for this person, where the address names one
 */

/** @type {[RegExp, { tag: string, file: string, open?: boolean }][]} */
const PAGES = [
  [/^setup$/, { tag: "page-setup", file: "setup", open: true }],
  [/^sign-in$/, { tag: "page-sign-in", file: "sign-in", open: true }],
  [/^invitation\/[^/]+$/, { tag: "page-invitation", file: "invitation", open: true }],
  [/^reset\/[^/]+$/, { tag: "page-reset", file: "reset", open: true }],
  [/^forgot$/, { tag: "page-forgot", file: "forgot", open: true }],
  [/^people$/, { tag: "page-people", file: "people" }],
  [/^conversations(\/all)?$/, { tag: "page-conversations", file: "conversations" }],
  [/^api$/, { tag: "page-api", file: "api" }],
  [/^audit$/, { tag: "page-audit", file: "audit" }],
  [/^profile$/, { tag: "page-profile", file: "profile" }],
  [/^assistants\/new(\/[^/]+\/(documents|try))?$/, { tag: "page-wizard", file: "wizard" }],
  [/^assistants\/[^/]+(\/(chat|documents|behaviour|look|approved|flows|bench|share|visitors|quality|gaps|history))?$/, { tag: "page-assistant", file: "assistant" }],
  [/^collections\/[^/]+$/, { tag: "page-collection", file: "collection" }],
  [/^documents\/[^/]+$/, { tag: "page-document", file: "document" }],
  [/^gaps$/, { tag: "page-gaps", file: "gaps" }],
  [/^handovers$/, { tag: "page-handovers", file: "handovers" }],
  [/^jobs$/, { tag: "page-jobs", file: "jobs" }],
  [/^groups$/, { tag: "page-groups", file: "groups" }],
  [/^keys$/, { tag: "page-keys", file: "keys" }],
  [/^sources$/, { tag: "page-sources", file: "sources" }],
  [/^sources\/[^/]+(\/runs\/[^/]+)?$/, { tag: "page-source", file: "source" }],
  [/^subjects(\/(holds|retention|processing|receipts(\/[^/]+)?))?$/, { tag: "page-subjects", file: "subjects" }],
  [/^trash$/, { tag: "page-trash", file: "trash" }],
  [/^models$/, { tag: "page-models", file: "models" }],
  [/^dashboard$/, { tag: "page-dashboard", file: "dashboard" }],
  [/^doctor$/, { tag: "page-doctor", file: "doctor" }],
  [/^backups$/, { tag: "page-backups", file: "backups" }],
  [/^egress$/, { tag: "page-egress", file: "egress" }],
  [/^second-factor$/, { tag: "page-second-factor", file: "second-factor" }],
  [/^settings(\/[^/]+)?$/, { tag: "page-settings", file: "settings" }],
];
const ONE = ["page-wizard", "page-settings", "page-subjects"]; // keep what they hold from one of their addresses to the next
/** @type {{ tag: string, file: string, open?: boolean }} */
const HOME = { tag: "page-assistants", file: "assistants" };

/** @param {string} hash @returns {Route} */
export function route(hash) {
  const [address, query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const path = address.split("/").filter(Boolean);
  const clean = path.join("/");
  const page = PAGES.find(([pattern]) => pattern.test(clean))?.[1] ?? HOME;
  const key = ONE.includes(page.tag) ? page.tag : `${page.tag}:${path[1] ?? ""}`;
  return {
    ...page,
    key,
    path: path.map(decoded),
    query: new URLSearchParams(query),
    open: page.open ?? false,
  };
}

/** @param {string} part @returns {string} as it was meant; a broken escape stays as it is */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** @param {string} address such as "#/keys" */
export function go(address) {
  if (location.hash === address) window.dispatchEvent(new HashChangeEvent("hashchange"));
  else location.hash = address;
}

const HEADED = "balcao.headed";

/** To sign in, from here; the way back is kept for this tab, also by way of a provider's pages. */
export function toTheDoor() {
  if (location.hash) sessionStorage.setItem(HEADED, location.hash);
  go("#/sign-in");
}

/** @returns {string} where somebody was going who had to sign in first, "" for nowhere; told once */
export function headed() {
  const address = sessionStorage.getItem(HEADED) ?? "";
  sessionStorage.removeItem(HEADED);
  return address;
}

/** Changes the address without turning the page. @param {string} address */
export const rename = (address) => history.replaceState(null, "", address);
