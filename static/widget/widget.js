/** The widget's page: waits for a session, shows the notice, then the chat, and the page of a source over it. */
import { get, request } from "../shared/api.js";
import { define, Part } from "../shared/element.js";
import { html, nothing, render } from "../shared/lit.js";
import "../shared/parts/chat.js";
import { back, close } from "../shared/parts/icons.js";
import { dress } from "../shared/colour.js";
import { preferred, speak, t } from "../shared/words.js";
import { notice } from "./notice.js";
import { ownSession, publicId, receive, tell } from "./session.js";

/** @typedef {import("../shared/types").Place} Place */

class WidgetPart extends Part {
  /** @type {import("./session.js").Session | null} */
  session = null;
  /** @type {import("./notice.js").Notice | null} what has to be accepted first; null once it is */
  notice = null;
  /** Why no more can be asked for now; what was written stays. */
  #refused = "";
  /** Whether the chat was opened: a changed notice is laid over it. */
  #open = false;
  #consented = false;
  #problem = "";
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
    this.#open = !this.notice;
    document.addEventListener("keydown", this.#key);
    addEventListener("balcao:notice", () => void this.#again());
    addEventListener("balcao:refused", (event) => { this.#refused = /** @type {CustomEvent} */ (event).detail; this.changed(); });
    dress(this, this.session?.assistant.accent ?? "");
  }

  /** The page of a source is fetched with the first that is opened: most visitors open none. @param {CustomEvent} event */
  async #show(event) {
    event.preventDefault();
    const place = event.detail;
    const opening = !this.#place; // or the reader goes on to another source, from inside
    if (opening) this.#from = /** @type {HTMLElement | null} */ (document.activeElement);
    await Promise.all([import("../shared/parts/page-view.js"), dressed ??= style("/static/shared/parts/page-view.css")]);
    this.#place = place;
    this.changed();
    if (opening) queueMicrotask(() => this.#to(".return"));
  }

  #shut() {
    this.#place = null;
    this.changed();
    queueMicrotask(() => this.#from?.focus());
  }

  /** The notice in force is told again: the server takes nothing without it. */
  async #again() {
    this.notice = (await get(config())).notice;
    this.changed();
    queueMicrotask(() => this.#to("#notice-title"));
  }

  async #accept() {
    const shown = /** @type {import("./notice.js").Notice} */ (this.notice);
    try {
      await request("POST", "/api/widget/acceptance", { version: shown.version });
    } catch (error) {
      this.#problem = /** @type {Error} */ (error).message;
      return this.#again();
    }
    this.#consented = shown.basis === "consent";
    this.#problem = "";
    this.#open = true;
    this.notice = null;
    this.changed();
    requestAnimationFrame(() => this.#to("balcao-chat")); // once its parts have drawn themselves
  }

  /** Everything that was asked is erased, here as there. */
  async #takeBack() {
    await request("DELETE", "/api/widget/acceptance");
    this.#open = false;
    await this.#again();
  }

  /** @param {string} part */
  #to(part) {
    /** @type {HTMLElement | null} */ (this.querySelector(part))?.focus();
  }

  template() {
    if (!this.session) return nothing;
    const { assistant } = this.session;
    const place = this.#place;
    return html`
      <header class="plate">
        ${place ? html`<button type="button" class="quiet return" aria-label=${t("widget.back")} @click=${() => this.#shut()}>${back()}</button>` : nothing}
        ${assistant.logo && !place ? html`<img class="logo" src=${picture(assistant.logo)} alt="">` : nothing}
        <h1>${place ? place.document.title : assistant.name}</h1>
        ${window.parent === window ? nothing : html`<button type="button" class="quiet" aria-label=${t("widget.shut")} @click=${() => tell("balcao:close")}>${close()}</button>`}
      </header>
      ${this.#refused ? html`<p class="problem over" role="alert">${this.#refused}</p>` : nothing}
      <main @place=${(/** @type {CustomEvent} */ event) => void this.#show(event)}>
        ${this.#open ? html`<balcao-chat ?inert=${Boolean(place || this.notice)} .assistant=${{ ...assistant, id: assistant.id ?? publicId() }}></balcao-chat>` : nothing}
        ${this.notice ? notice(this.notice, this.#problem, () => void this.#accept()) : nothing}
        ${place ? html`<section class="cited" aria-label=${t("pane.label")}><balcao-page .place=${place}></balcao-page></section>` : nothing}
      </main>
      ${this.#consented && this.#open && !this.notice ? html`<button type="button" class="quiet small back" @click=${() => void this.#takeBack()}>${t("notice.takeBack")}</button>` : nothing}`;
  }
}

define("balcao-widget", WidgetPart);

const config = () => `/api/widget/${encodeURIComponent(publicId())}/config`;

/** Whether this is the console's preview: nobody else may frame this address. */
const rehearsing = location.search === "?preview";

/** @param {string} logo */
const picture = (logo) => `/api/${rehearsing ? "assistants" : "widget"}/${encodeURIComponent(publicId())}/logo/${logo}`;

let here = false;

/** @type {Promise<unknown> | null} the page's look, once it was asked for */
let dressed = null;

/** @param {string} href @returns {Promise<unknown>} once it is here, or cannot be had */
const style = (href) => new Promise((done) => {
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: done, onerror: done }));
});

/**
 * The notice is the server's own, asked for before any session is known: a page that hands
 * over a bad token has no part in it.
 * @param {import("./session.js").Session} session @param {import("./notice.js").Notice} first
 */
async function arrived(session, first) {
  if (here) return dispatchEvent(new CustomEvent("balcao:refused", { detail: "" })); // a renewal: the new token is already in use
  here = true;
  await show(session, first);
}

/** @param {import("./session.js").Session} session @param {import("./notice.js").Notice | null} first */
async function show(session, first) {
  await speak(session.language ?? preferred());
  document.title = session.assistant.name;
  const widget = /** @type {WidgetPart} */ (document.createElement("balcao-widget"));
  widget.session = session;
  widget.notice = first;
  render(nothing, document.body);
  document.body.append(widget);
  queueMicrotask(() => /** @type {HTMLElement | null} */ (widget.querySelector("#notice-title"))?.focus());
}

/** @param {string} text @param {string} kind */
const line = (text, kind) => render(html`<p class=${kind} role="status">${text}</p>`, document.body);

/** Why there is no chat is fetched when there is none. */
const gate = () => import("./gate.js");

async function begin() {
  await speak(preferred());
  const framed = window.parent !== window;
  if (framed && rehearsing) return (await import("./rehearsal.js")).rehearse((session) => show(session, null));
  const handed = framed && location.search !== "?embed"; // a frame without our loader has nobody to hand it a session
  if (handed) line(t("widget.connecting"), "pulse alone");
  const { notice: first } = await get(config());
  if (handed) receive((session) => void arrived(session, first), async (code) => (await gate()).refuse(code));
  else await arrived(await ownSession(), first);
}

begin().catch(async (error) => {
  if (error.code === "sign_in_first") (await gate()).askToSignIn(error.message);
  else line(error.message, "problem alone");
});
