/** A list of conversations, one's own or everybody's, page after page. */
import { get } from "../../shared/api.js";
import { query, sought } from "./search.js";

const AT_ONCE = 50;

export class Talks {
  /** @type {{ id: string }[] | null} null until the server has told them */
  items = null;
  /** @type {string | null} */
  next = null;
  wanted = sought(new URLSearchParams(), false);
  #path;

  /** @param {string} path */
  constructor(path) {
    this.#path = path;
  }

  /** @param {import("./search.js").Sought} wanted what is looked for from now on; what was found before stands there until then */
  async seek(wanted) {
    this.wanted = wanted;
    this.next = null;
    try {
      await this.load("");
    } catch (error) {
      if (wanted === this.wanted) this.items = null;
      throw error;
    }
  }

  /** @param {string} cursor where to go on; "" is the beginning */
  async load(cursor) {
    const { wanted } = this;
    const asked = query(wanted);
    asked.set("limit", String(AT_ONCE));
    if (cursor) asked.set("cursor", cursor);
    const told = await get(`${this.#path}?${asked}`);
    if (wanted !== this.wanted) return; // others are looked for meanwhile
    this.items = cursor ? [...(this.items ?? []), ...told.items] : told.items;
    this.next = told.next;
  }
}
