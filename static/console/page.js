/** Page: a part that fills the console's main area and follows its route. */
import { Problem } from "../shared/api.js";
import { Part } from "../shared/element.js";
import { html } from "../shared/lit.js";
import { t } from "../shared/words.js";
import { awaited } from "./parts/awaited.js";
import { forget } from "./session.js";
import { go, toTheDoor } from "./routes.js";

/** @typedef {import("./routes.js").Route} Route */

export class Page extends Part {
  /** @type {Route | null} */
  #route = null;
  problem = "";

  /** @param {Route} route */
  set route(route) {
    this.#route = route;
    if (this.isConnected) this.arrived();
    this.changed();
  }

  /** @returns {Route} */
  get route() {
    return /** @type {Route} */ (this.#route);
  }

  opened() {
    this.arrived();
  }

  /** Called when the page opens and whenever its address changes. */
  arrived() {}

  /**
   * Runs work and shows its refusal on the page; a lost session leads to the door.
   * @param {() => Promise<void>} work
   */
  async trying(work) {
    this.problem = "";
    try {
      await work();
    } catch (error) {
      if (error instanceof Problem && error.status === 401 && !this.route.open) {
        forget();
        return toTheDoor();
      }
      if (error instanceof Problem && error.code === "second_factor_needed") return go("#/second-factor");
      this.problem = error instanceof Problem ? error.message : t("problem.unexpected");
      if (!(error instanceof Problem)) reportError(error);
    } finally {
      this.changed();
    }
  }

  /** A look that nobody ordered: what an order was refused for stays on the page. @param {() => Promise<void>} look */
  unasked(look) {
    look().catch((error) => this.trying(() => Promise.reject(error)));
  }

  /** @returns {unknown} */
  get problemLine() {
    return this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : "";
  }

  /** What stands where nothing is known yet; where it was refused, the refusal does. @returns {unknown} */
  get awaited() {
    return this.problem ? "" : awaited();
  }

  /** A page of one thing that is not here, or not yet: a refusal has a heading above it, too. @param {string} title */
  unknown(title) {
    return html`<div class="page">${this.problem ? html`<h1>${title}</h1>` : ""}${this.problemLine}${this.awaited}</div>`;
  }
}
