/**
 * The first round through the house: a card that goes along from page to page.
 *
 * It asks nothing and holds nobody: the page behind it can be used meanwhile, one press ends it, and
 * whoever took it or declined it is not offered it again in this browser. The palette has it for good.
 */
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { go } from "../routes.js";
import { wayTo } from "../ways.js";
import { offerNoMore, stops } from "./offer.js";

class Tour extends Part {
  #at = 0;

  get #stop() {
    return stops()[this.#at];
  }

  opened() {
    offerNoMore();
    go(wayTo(this.#stop));
  }

  drawn() {
    if (this.contains(document.activeElement)) return; // else it was just begun, or "Back" is gone
    const next = /** @type {HTMLElement} */ (this.querySelector(".primary"));
    next.focus({ preventScroll: true });
  }

  /** @param {number} step */
  #walk(step) {
    this.#at += step;
    if (!this.#stop) return this.#end();
    go(wayTo(this.#stop));
    return this.changed();
  }

  #end() {
    this.remove();
    document.getElementById("main")?.focus({ preventScroll: true });
  }

  template() {
    const [at, count] = [this.#at + 1, stops().length];
    return html`<section aria-labelledby="tour-title" @keydown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === "Escape") this.#end(); }}>
      <div aria-live="polite" aria-atomic="true">
        <p class="hint">${t("tour.at", { at, count })}</p>
        <h2 id="tour-title">${t(this.#stop.word)}</h2>
        <p>${t(`tour.${this.#stop.file}`)}</p>
      </div>
      <div class="row spread">
        <button type="button" class="quiet" @click=${() => this.#end()}>${t("tour.end")}</button>
        <div class="row">${this.#at ? html`<button type="button" class="small" @click=${() => this.#walk(-1)}>${t("tour.back")}</button>` : nothing}
          <button type="button" class="small primary" @click=${() => this.#walk(1)}>${at === count ? t("tour.done") : t("tour.next")}</button></div>
      </div>
    </section>`;
  }
}

define("balcao-tour", Tour);

/** Begins the round, or begins it anew. */
export function begin() {
  document.querySelector("balcao-tour")?.remove();
  document.querySelector("balcao-shell")?.append(document.createElement("balcao-tour"));
}
