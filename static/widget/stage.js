/**
 * A page that stands for somebody's site in the console's preview. The loader on it is the
 * real one and opens the real page of the widget; only what the server would answer about
 * the assistant is the draft that the console hands over.
 */
import { force } from "../shared/scheme.js";

/** @type {any} the session that the loader would be given */
let draft = null;
/** What the launcher was drawn from. */
let drawn = "";
let unfolded = true;

const hosts = () => [...document.documentElement.children].filter((one) => one.shadowRoot);
const frame = () => hosts()[0]?.shadowRoot?.querySelector("iframe");

// The loader asks one thing of the server, and is answered with the draft.
window.fetch = async () => Response.json(draft);
// What is drawn here never takes the focus from the form beside it.
HTMLIFrameElement.prototype.focus = () => {};
HTMLButtonElement.prototype.focus = () => {};

const hand = () => void frame()?.contentWindow?.postMessage({ type: "balcao:session", ...draft }, location.origin);

/** Draws the launcher anew where it looks different now, and the chat as it was, open or not. */
function draw() {
  const { name, accent, look } = draft.assistant;
  const wanted = JSON.stringify([name, accent, draft.language, look.logo, look.icon, look.position, look.label, look.words]);
  if (wanted === drawn) return hand();
  const shown = frame();
  if (shown) unfolded = !shown.hidden;
  drawn = wanted;
  hosts().forEach((one) => one.remove());
  document.querySelector("script[data-assistant]")?.remove();
  const script = document.createElement("script");
  script.src = "/widget.js";
  script.dataset.assistant = new URLSearchParams(location.search).get("assistant") ?? "";
  script.dataset.language = draft.language;
  script.dataset.preview = "?preview";
  document.body.append(script);
}

// Whoever types faster than the loader draws leaves one launcher, the last.
new MutationObserver(() => {
  hosts().slice(0, -1).forEach((one) => one.remove());
  const button = hosts()[0]?.shadowRoot?.querySelector("button");
  if (unfolded && button?.getAttribute("aria-expanded") === "false" && !frame()) button.click();
}).observe(document.documentElement, { childList: true });

window.addEventListener("message", ({ origin, source, data }) => {
  if (origin !== location.origin || source !== window.parent || data?.type !== "balcao:draft") return;
  draft = data.session;
  force(draft.scheme);
  draw();
});
// The loader hands over what was the draft when it asked; by now there may be another one.
window.addEventListener("message", ({ source, data }) => {
  if (data?.type === "balcao:ready" && source === frame()?.contentWindow) setTimeout(hand);
});
window.parent.postMessage({ type: "balcao:stage" }, location.origin);
