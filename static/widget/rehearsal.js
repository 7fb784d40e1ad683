/**
 * The widget's page in the console's preview: it is told what it would look like before
 * anything is saved, by a page of this server alone. There is no visitor's token: whoever
 * tries a question asks it as themselves.
 */
import { force } from "./scheme.js";
import { sessionIn, tell } from "./session.js";

/** @param {(session: import("./session.js").Session) => void} show called for every draft */
export function rehearse(show) {
  window.addEventListener("message", ({ origin, source, data }) => {
    if (origin !== location.origin || source !== window.parent) return;
    const session = sessionIn(data);
    if (!session) return;
    force(data.scheme);
    show(session);
  });
  tell("balcao:ready");
}
