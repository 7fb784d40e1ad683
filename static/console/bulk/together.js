/** One act for several things, one after the other: how far it is, which of them failed and why, and the way back. */

/** @typedef {{ name: string, problem: string }} Failure */
/**
 * @template {{ id: string }} T
 * @typedef {object} Work
 * @property {(one: T) => string} name what one of them is called
 * @property {(one: T) => Promise<unknown>} act what is done to each
 * @property {(count: number) => string} said what was done, once it is
 * @property {(one: T) => Promise<unknown>} [back] undoes it
 * @property {(count: number) => string} [undone] what to say then
 */

export class Together {
  said = "";
  /** @type {Failure[]} */
  failures = [];
  ended = 0;
  total = 0; // 0: nothing is going on
  /** @type {(() => Promise<void>) | null} */
  undo = null;
  #changed;

  /** @param {() => void} changed */
  constructor(changed) {
    this.#changed = changed;
  }

  /** @template {{ id: string }} T @param {readonly T[]} items @param {Work<T>} work @returns {Promise<void>} */
  async run(items, { name, act, said, back, undone = said }) {
    if (this.total || !items.length) return;
    [this.said, this.failures, this.undo, this.ended, this.total] = ["", [], null, 0, items.length];
    /** @type {T[]} */
    const done = [];
    for (const one of items) {
      this.#changed();
      await act(one).then(() => done.push(one), (error) => this.failures.push({ name: name(one), problem: error.message }));
      this.ended += 1;
    }
    this.total = 0;
    this.said = done.length ? said(done.length) : "";
    if (back && done.length) this.undo = () => this.run(done.reverse(), { name, act: back, said: undone });
    this.#changed();
  }
}
