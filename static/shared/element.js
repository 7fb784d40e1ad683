/**
 * Part: the base of every custom element here.
 *
 * A part keeps its state in its own fields, says `this.changed()` when one of
 * them changed, and draws `template()` into itself (no shadow root: one style
 * sheet reaches everything). Several changes in one turn are drawn once.
 */
import { render } from "./lit.js";

export class Part extends HTMLElement {
  /** @type {boolean} */
  #due = false;

  connectedCallback() {
    this.opened();
    this.changed();
  }

  disconnectedCallback() {
    this.closed();
  }

  /** Called when the part enters the page: start what it needs. */
  opened() {}

  /** Called when the part leaves the page: let go of timers, streams and listeners. */
  closed() {}

  /** Called after each drawing. */
  drawn() {}

  /** @returns {unknown} what the part looks like now */
  template() {
    return "";
  }

  /** Draw again before the next frame. */
  changed() {
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      if (!this.isConnected) return;
      render(this.template(), this);
      this.drawn();
    });
  }
}

/**
 * Declares a part once, so that a file imported twice does no harm.
 * @param {string} name
 * @param {CustomElementConstructor} part
 */
export function define(name, part) {
  if (!customElements.get(name)) customElements.define(name, part);
}
