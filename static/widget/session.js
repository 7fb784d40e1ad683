/**
 * A visitor's session, as the loader hands it over.
 *
 * The page obeys two messages only, from the window that frames it and from then
 * on only from that window's first origin: a session, and the code of a refusal to
 * give one. No message can ask a question, change a text or read an answer. The
 * token stays in memory.
 */
import { request, speakAs } from "../shared/api.js";
import { known } from "../shared/words.js";

/**
 * @typedef {object} Session
 * @property {string} token
 * @property {import("../shared/types").Counter & { id?: string }} assistant
 * @property {import("../shared/words.js").Language | null} language
 */

const PATIENCE = 8000; // milliseconds that a request waits for the loader's new session

/** The public id in the page's own address: /w/{public_id}. */
export const publicId = () => decodeURIComponent(location.pathname.split("/")[2] ?? "");

/**
 * @param {unknown} data of a message, whoever sent it
 * @returns {Session | null} the session in it, if that is what it is
 */
export function sessionIn(data) {
  if (typeof data !== "object" || data === null) return null;
  const { type, token, assistant, language } = /** @type {Record<string, any>} */ (data);
  if (type !== "balcao:session" || typeof token !== "string" || typeof assistant?.name !== "string") return null;
  const text = (/** @type {unknown} */ value) => (typeof value === "string" ? value : "");
  const texts = (/** @type {unknown} */ value) => (Array.isArray(value) ? value.filter((one) => typeof one === "string") : []);
  const spoken = known(language) ?? known(assistant.language);
  const look = assistant.look ?? {};
  const said = look.words?.[spoken ?? ""] ?? {};
  const others = texts(said.suggestions);
  return {
    token,
    language: spoken,
    assistant: {
      ...(typeof assistant.id === "string" && { id: assistant.id }),
      name: assistant.name,
      language: known(assistant.language) ?? "pt",
      greeting: text(said.greeting) || text(assistant.greeting),
      contact: text(said.contact) || text(assistant.contact),
      disclaimer: text(said.disclaimer) || text(look.disclaimer),
      logo: /^[0-9a-f]{64}$/.test(text(look.logo)) ? look.logo : "",
      accent: text(assistant.accent),
      leaves_building: assistant.leaves_building === true,
      suggestions: others.length ? others : texts(assistant.suggestions),
    },
  };
}

/** @param {unknown} data @returns {string} the code in a message of the loader that there is no session, else "" */
export function refusalIn(data) {
  const { type, code } = /** @type {Record<string, any>} */ (data ?? {});
  return type === "balcao:refused" && typeof code === "string" ? code : "";
}

/**
 * @param {(session: Session) => void} arrived called for the first session and for every renewal
 * @param {(code: string) => void} refused called when the server gave the loader none
 */
export function receive(arrived, refused) {
  let origin = "";
  /** @type {(() => void)[]} those who wait for a renewal */
  const waiting = [];
  const renewing = () => new Promise((resolve) => {
    waiting.push(() => resolve(null));
    setTimeout(resolve, PATIENCE);
    tell("balcao:expired");
  });
  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || window.parent === window) return;
    if (origin && event.origin !== origin) return;
    const session = sessionIn(event.data);
    const code = refusalIn(event.data);
    if (!session && !code) return;
    origin = event.origin;
    if (session) speakAs(session.token, renewing);
    waiting.splice(0).forEach((go) => go());
    if (session) arrived(session);
    else refused(code);
  });
  tell("balcao:ready");
}

/**
 * The direct link is not framed: the page asks for its own session.
 * @param {string} [previous] the token that it follows
 * @returns {Promise<Session>}
 */
export async function ownSession(previous) {
  const body = await request("POST", `/api/widget/${encodeURIComponent(publicId())}/session`, { previous });
  const session = sessionIn({ type: "balcao:session", ...body });
  if (!session) throw new Error("not a session");
  speakAs(session.token, () => ownSession(session.token));
  return session;
}

/**
 * Tells the loader what happened here; it carries no text, so anybody may hear it.
 * @param {"balcao:ready" | "balcao:close" | "balcao:expired"} type
 */
export function tell(type) {
  if (window.parent !== window) window.parent.postMessage({ type }, "*");
}
