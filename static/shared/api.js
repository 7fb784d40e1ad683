/**
 * The appliance as the browser sees it: requests, refusals, uploads.
 *
 * Three promises: a refusal always arrives as `Problem` with a sentence for
 * people (also when the network is gone), the console speaks with its cookie
 * and the widget only with its visitor's token (never with the cookie of
 * somebody who is signed in on the same computer), and no address outside
 * this server is ever asked.
 */
import { language, t } from "./words.js";

/** A refusal: `code` is stable, `message` is the sentence to show. */
export class Problem extends Error {
  /** @type {Record<string, string>} what to do about each field */
  fields = {};
  /**
   * @param {number} status 0 when the server was not reached
   * @param {string} code
   * @param {string} detail
   * @param {number | null} [retryAfter] seconds
   */
  constructor(status, code, detail, retryAfter = null) {
    super(detail);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/**
 * @typedef {object} Options
 * @property {unknown} [body] to be sent as JSON
 * @property {Blob} [bytes] to be sent as they are
 * @property {AbortSignal} [signal]
 * @property {string} [accept]
 */

/** @type {string | null} the visitor's token; null in the console */
let token = null;
/** @type {() => Promise<unknown>} */
let renew = () => Promise.resolve();

/**
 * @param {string} visitor the token the loader handed over
 * @param {() => Promise<unknown>} renewing gets a new token, when the server says that this one has ended
 */
export function speakAs(visitor, renewing) {
  token = visitor;
  renew = renewing;
}

/**
 * Asks the server, and gives the response back unread. A visitor's token lives
 * for minutes, and a computer may have slept longer: then once more with a new one.
 * @param {string} method
 * @param {string} path starts with "/api/"
 * @param {Options} [options]
 * @returns {Promise<Response>}
 */
export async function ask(method, path, options = {}) {
  let response = await once(method, path, options);
  if (response.status === 401 && token) {
    await renew();
    response = await once(method, path, options);
  }
  if (response.ok) return response;
  const refused = await problem(response);
  if (refused.code === "notice_not_accepted") dispatchEvent(new Event("balcao:notice"));
  throw refused;
}

/**
 * @param {string} method @param {string} path @param {Options} options
 */
function once(method, path, { body, bytes, signal, accept }) {
  /** @type {Record<string, string>} */
  const headers = { "Accept-Language": language(), Accept: accept ?? "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (bytes) headers["Content-Type"] = "application/octet-stream";
  return fetch(path, {
    method,
    headers,
    body: body === undefined ? bytes : JSON.stringify(body),
    signal,
    credentials: token ? "omit" : "same-origin",
  }).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, "unreachable", t("problem.unreachable"));
  });
}

/**
 * Asks the server and reads its JSON; null for an empty answer.
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<any>}
 */
export async function request(method, path, body) {
  const response = await ask(method, path, { body });
  return response.status === 204 ? null : response.json();
}

/** @param {string} path @returns {Promise<any>} */
export const get = (path) => request("GET", path);

/**
 * Every item of a list, page after page.
 * @param {string} path
 * @returns {Promise<any[]>}
 */
export async function all(path) {
  const items = [];
  let cursor = "";
  do {
    const glue = path.includes("?") ? "&" : "?";
    const page = await get(`${path}${glue}limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    items.push(...page.items);
    cursor = page.next ?? "";
  } while (cursor);
  return items;
}

/**
 * Sends one file, telling how much of it has left this computer.
 * XMLHttpRequest, because fetch cannot tell.
 * @param {string} path
 * @param {File} file
 * @param {(share: number) => void} onProgress share of the bytes, 0 to 1
 * @param {Record<string, string>} [fields] sent along with it
 * @returns {Promise<any>}
 */
export function upload(path, file, onProgress, fields = {}) {
  const form = new FormData();
  Object.entries(fields).forEach(([name, value]) => form.append(name, value));
  form.append("file", file, file.name);
  const xhr = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    xhr.open("POST", path);
    xhr.setRequestHeader("Accept-Language", language());
    xhr.setRequestHeader("Accept", "application/json");
    xhr.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    xhr.onerror = () => reject(new Problem(0, "unreachable", t("problem.unreachable")));
    xhr.onload = () => {
      const body = parsed(xhr.responseText);
      if (xhr.status < 300) resolve(body);
      else reject(new Problem(xhr.status, body?.code ?? "unexpected", body?.detail ?? t("problem.unexpected")));
    };
    xhr.send(form);
  });
}

/** @param {Response} response @returns {Promise<Problem>} */
async function problem(response) {
  const body = parsed(await response.text().catch(() => ""));
  const wait = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  const detail = body?.detail ?? t("problem.unexpected");
  return Object.assign(new Problem(response.status, body?.code ?? "unexpected", detail, Number.isNaN(wait) ? null : wait), { fields: body?.fields ?? {} });
}

/** @param {string} text @returns {any} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
