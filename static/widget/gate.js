/** What stands where no chat can be: why, and the way on. Fetched when it is needed, with its words. */
import { html, nothing, render } from "../shared/lit.js";
import { close } from "../shared/parts/icons.js";
import { alsoSay, language, speak, t } from "../shared/words.js";
import { publicId, tell } from "./session.js";

/** What the server may refuse a visitor, that has a sentence of its own. */
const SAID = ["identity_expired", "identity_needed", "too_many"];

alsoSay((chosen) => import(`./words/${chosen}.js`));
await speak(language());

/**
 * Says why the server let nobody in: beside a chat that was begun, or in its place. The
 * sentence is ours; the page around the chat hands over a code and no text.
 * @param {string} code
 */
export function refuse(code) {
  const text = t(`widget.refused.${SAID.includes(code) ? code : "identity"}`);
  if (document.querySelector("balcao-widget")) dispatchEvent(new CustomEvent("balcao:refused", { detail: text }));
  else draw(text);
}

/** The console is where people of the house sign in, never a frame of another site. @param {string} text */
export function askToSignIn(text) {
  const address = `/#/assistants/${encodeURIComponent(publicId())}`;
  draw(text, html`<p><a class="button primary" href=${address} target="_blank" rel="noopener noreferrer">${t("widget.signIn")}</a></p>`);
}

/** On a narrow screen the chat covers the page's own button: it can be shut from inside. @param {string} text @param {unknown} [way] */
function draw(text, way = nothing) {
  render(html`<header class="plate"><h1>Balcão</h1>
    ${window.parent === window ? nothing : html`<button type="button" class="quiet" aria-label=${t("widget.shut")} @click=${() => tell("balcao:close")}>${close()}</button>`}</header>
  <main class="gate"><p role="alert">${text}</p>${way}</main>`, document.body);
}
