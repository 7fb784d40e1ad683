/** What is chosen in a list: one by one, with Shift all between two, or everything that is shown. */
import { html } from "../../shared/lit.js";
import { t } from "../../shared/words.js";

export class Chosen {
  /** @type {Set<string>} */
  #ids = new Set();
  #from = ""; // the one that was turned last: Shift goes from there
  #changed;

  /** @param {() => void} changed */
  constructor(changed) {
    this.#changed = changed;
  }

  get size() {
    return this.#ids.size;
  }

  /** @param {{ id: string }} one */
  has({ id }) {
    return this.#ids.has(id);
  }

  /**
   * @param {string} id @param {boolean} on
   * @param {readonly string[]} [among] the list as it is shown, for everything between the last and this
   */
  turn(id, on, among = []) {
    const [first, last] = [among.indexOf(this.#from), among.indexOf(id)].sort((one, other) => one - other);
    const those = first < 0 ? [id] : among.slice(first, last + 1);
    those.forEach((one) => (on ? this.#ids.add(one) : this.#ids.delete(one)));
    this.#from = id;
    this.#changed();
  }

  /** @param {readonly string[]} ids */
  only(ids) {
    this.#ids = new Set(ids);
    this.#from = "";
    this.#changed();
  }

  /** Which of these are chosen, in their order. @template {{ id: string }} T @param {readonly T[]} items @returns {T[]} */
  of(items) {
    return items.filter((one) => this.has(one));
  }

  /** The box of one in the list. @param {{ id: string }} one @param {string} name @param {readonly { id: string }[]} shown */
  box(one, name, shown) {
    const turned = (/** @type {MouseEvent} */ event) =>
      this.turn(one.id, /** @type {HTMLInputElement} */ (event.target).checked, event.shiftKey ? shown.map(({ id }) => id) : []);
    return html`<input type="checkbox" aria-label=${t("bulk.choose", { name })} title=${t("bulk.chooseHint")} .checked=${this.has(one)} @click=${turned}>`;
  }

  /** The box of all. @param {readonly { id: string }[]} shown */
  boxOfAll(shown) {
    const count = this.of(shown).length;
    const turned = () => this.only(count === shown.length ? [] : shown.map(({ id }) => id));
    return html`<input type="checkbox" aria-label=${t("bulk.chooseAll")} .indeterminate=${count > 0 && count < shown.length} .checked=${count > 0 && count === shown.length} @click=${turned}>`;
  }
}
