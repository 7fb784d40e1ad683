/**
 * The widget's page in the console's preview: it is told what it would look like before
 * anything is saved, by a page of this server alone. There is no visitor's token: whoever
 * tries a question asks it as themselves.
 */
import { force } from "../shared/scheme.js";
import { sessionIn, tell } from "./session.js";

/** @param {(session: import("./session.js").Session) => Promise<void>} show called for every draft */
export function rehearse(show) {
  let shown = Promise.resolve(); // one after the other: of two at once both would be drawn
  window.addEventListener("message", ({ origin, source, data }) => {
    if (origin !== location.origin || source !== window.parent) return;
    const session = sessionIn(data);
    if (!session) return;
    shown = shown.then(async () => {
      document.querySelector("balcao-widget")?.remove();
      await show(session);
      force(data.scheme);
    });
  });
  tell("balcao:ready");
}
