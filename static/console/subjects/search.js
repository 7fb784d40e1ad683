/** Who is looked for, and what was found of them, for as long as the desk stands open. */
import { all, ask, request } from "../../shared/api.js";
import { saved } from "../parts/saved.js";

/** @typedef {{ name: string, cpf: string, email: string, reason: string }} Wanted */
/** @typedef {{ id: string, name: string, email: string, role: string, active: boolean, created_at: string, conversations: number, sessions: number, keys: number }} Account */
/** @typedef {{ id: string, name: string, email: string, created_at: string }} Invited */
/** @typedef {{ id: string, assistant: string, owner: string, own: boolean, messages: number, created_at: string }} Talk */
/** @typedef {{ document: string, title: string, collection: string, page: number | null, line: string, conversation?: string }} Mention a document's line; of a `conversation` where it lies beside one */
/** @typedef {{ id: string, assistant: string, expires_at: string }} Visiting a widget's session whose site named the person */
/** @typedef {{ id: string, assistant: string, line: string }} Taught an approved answer or a golden question */
/** @typedef {{ id: number, at: string, act: string, subject: string, by: boolean }} Act */
/** @typedef {{ accounts: Account[], invitations: Invited[], visitors: Visiting[], conversations: Talk[], documents: Mention[], approved: Taught[], golden: Taught[], audit: Act[], cut: string[] }} Findings */
/** @typedef {Exclude<keyof Findings, "cut">} Place */
/** @typedef {"person" | "visitor" | "conversation" | "document"} Kind */

const TYPES = { json: "application/json", docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document" };

export class Search {
  /** @type {Wanted} */
  wanted = { name: "", cpf: "", email: "", reason: "" };
  /** @type {Findings | null} */
  found = null;
  /** @type {Map<string, string>} the assistants' names */
  names = new Map();

  /** @param {Wanted} wanted */
  async find(wanted) {
    this.wanted = wanted;
    this.found = null;
    this.names = new Map((await all("/api/assistants")).map(({ id, name }) => [id, name]));
    this.found = await request("POST", "/api/subjects/search", wanted);
  }

  /** @param {"json" | "docx"} form */
  async take(form) {
    const answer = await ask("POST", `/api/subjects/export?format=${form}`, { body: this.wanted, accept: TYPES[form] });
    saved(await answer.blob(), `titular.${form}`);
  }

  /**
   * Erases something that was found, and takes it off the list.
   * @param {Kind} kind @param {string} subject @param {string} reason @returns {Promise<string>} the receipt's id
   */
  async erase(kind, subject, reason) {
    const { erasure } = await request("POST", "/api/subjects/erasures", { kind, subject, reason });
    const found = this.found;
    if (found) {
      const owner = `${kind}:${subject}`;
      this.found = {
        ...found,
        accounts: found.accounts.filter((one) => kind !== "person" || one.id !== subject),
        visitors: found.visitors.filter((one) => kind !== "visitor" || one.id !== subject),
        conversations: found.conversations.filter((one) => one.owner !== owner && (kind !== "conversation" || one.id !== subject)),
        documents: found.documents.filter((one) => kind !== "document" || one.document !== subject),
      };
    }
    return erasure.id;
  }
}

/** @param {Findings} found @returns {number} how many places name the person */
export const total = (found) => Object.entries(found).reduce((sum, [place, rows]) => sum + (place === "cut" ? 0 : rows.length), 0);
