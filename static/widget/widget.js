/** The widget's page: waits for a session, then shows the chat, and the page of a source over it. */
import { define, Part } from "../shared/element.js";
import { html, nothing, render } from "../shared/lit.js";
import "../shared/parts/chat.js";
import { back, close } from "../shared/parts/icons.js";
import "../shared/parts/page-view.js";
import { dress } from "../shared/colour.js";
import { preferred, speak, t } from "../shared/words.js";
import { ownSession, publicId, receive, tell } from "./session.js";

/** @typedef {import("../shared/types").Place} Place */

class WidgetPart extends Part {
  /** @type {import("./session.js").Session | null} */
  session = null;
  /** @type {Place | null} */
  #place = null;
  /** @type {HTMLElement | null} */
  #from = null;
  #key = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape") return;
    if (this.#place) this.#shut();
    else tell("balcao:close");
  };

  opened() {
    document.addEventListener("keydown", this.#key);
    dress(this, this.session?.assistant.accent ?? "");
  }

  /** @param {CustomEvent} event */
  #show(event) {
    event.preventDefault();
    this.#from = /** @type {HTMLElement | null} */ (document.activeElement);
    this.#place = event.detail;
    this.changed();
    queueMicrotask(() => /** @type {HTMLElement | null} */ (this.querySelector(".return"))?.focus());
  }

  #shut() {
    this.#place = null;
    this.changed();
    queueMicrotask(() => this.#from?.focus());
  }

  template() {
    if (!this.session) return nothing;
    const { assistant } = this.session;
    const place = this.#place;
    return html`
      <header class="plate">
        ${place ? html`<button type="button" class="quiet return" aria-label=${t("widget.back")} @click=${() => this.#shut()}>${back()}</button>` : nothing}
        <h1>${place ? place.document.title : assistant.name}</h1>
        ${window.parent === window ? nothing : html`<button type="button" class="quiet" aria-label=${t("widget.shut")} @click=${() => tell("balcao:close")}>${close()}</button>`}
      </header>
      <main @place=${(/** @type {CustomEvent} */ event) => this.#show(event)}>
        <balcao-chat ?inert=${Boolean(place)} .assistant=${{ ...assistant, id: assistant.id ?? publicId() }}></balcao-chat>
        ${place ? html`<section class="cited" aria-label=${t("pane.label")}><balcao-page .place=${place}></balcao-page></section>` : nothing}
      </main>`;
  }
}

define("balcao-widget", WidgetPart);

let here = false;

/** @param {import("./session.js").Session} session */
async function arrived(session) {
  if (here) return; // a renewal: the new token is already in use
  here = true;
  await speak(session.language ?? preferred());
  document.title = session.assistant.name;
  const widget = /** @type {WidgetPart} */ (document.createElement("balcao-widget"));
  widget.session = session;
  render(nothing, document.body);
  document.body.append(widget);
  queueMicrotask(() => /** @type {HTMLElement | null} */ (widget.querySelector("balcao-chat"))?.focus());
}

/** @param {string} text @param {string} kind */
const line = (text, kind) => render(html`<p class=${kind} role="status">${text}</p>`, document.body);

async function begin() {
  await speak(preferred());
  if (window.parent !== window) {
    line(t("widget.connecting"), "pulse alone");
    receive((session) => void arrived(session));
    return;
  }
  await arrived(await ownSession());
}

begin().catch((error) => line(error.message, "problem alone"));
