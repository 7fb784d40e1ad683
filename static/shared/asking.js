/**
 * A conversation with an assistant: the questions, the stream, the state of each answer.
 *
 * Draws nothing. Whoever draws gives `changed`, called after every event, and
 * `said`, called with each checked sentence (for screen readers: sentences,
 * never tokens). One question is under way at a time; `stop` ends it and
 * keeps what was written.
 */
import { ask, get, Problem, request } from "./api.js";
import { doubt } from "./doubt.js";
import { events } from "./sse.js";
import { placed } from "./text.js";
import { t } from "./words.js";

/** @typedef {import("./types").Exchange} Exchange */

export class Asking {
  /** @type {Exchange[]} */
  exchanges = [];
  /** @type {string | null} */
  conversation = null;
  /** The day that questions are about, "2024-05-01"; "" is today. */
  asOf = "";
  /** @type {AbortController | null} */
  #stop = null;

  /**
   * @param {string} assistant its id
   * @param {() => void} changed
   * @param {(sentence: string) => void} said
   */
  constructor(assistant, changed, said) {
    this.assistant = assistant;
    this.changed = changed;
    this.said = said;
  }

  get busy() {
    return this.#stop !== null;
  }

  /** Shows an earlier conversation again. @param {string} id */
  async resume(id) {
    const told = await get(`/api/conversations/${id}`);
    this.conversation = told.id;
    this.exchanges = told.messages.map(remembered);
    this.changed();
  }

  /** @param {string} question */
  ask(question) {
    return this.#begin(question, "");
  }

  /** The same question once more, about the same day; where nothing was kept of it, as a new one. @param {Exchange} exchange */
  again({ question, answer }) {
    return this.#begin(question, answer?.message ?? "");
  }

  /** @param {string} question @param {string} former the message whose question it is, "" for a new one */
  async #begin(question, former) {
    if (this.busy) return;
    const exchange = asked(question);
    this.exchanges = [...this.exchanges, exchange];
    this.#stop = new AbortController();
    this.changed();
    try {
      await this.#follow(exchange, this.#stop.signal, former).catch((error) => this.#anew(exchange, error));
    } catch (error) {
      this.#failed(exchange, error);
    }
    this.#stop = null;
    this.changed();
  }

  stop() {
    this.#stop?.abort();
  }

  /** @param {Exchange} exchange @param {boolean} good @param {string} [reason] */
  async rate(exchange, good, reason) {
    if (!exchange.answer) return;
    exchange.feedback = { good, reason: reason ?? null };
    this.changed();
    await request("POST", `/api/messages/${exchange.answer.message}/feedback`, reason ? { good, reason } : { good });
  }

  /** @param {Exchange} exchange @param {AbortSignal} signal @param {string} [former] */
  async #follow(exchange, signal, former = "") {
    const body = former ? undefined : { question: exchange.question, stream: true, ...(this.conversation && { conversation: this.conversation }), ...(this.asOf && { as_of: this.asOf }) };
    const path = former ? `/api/messages/${former}/regenerate` : `/api/assistants/${this.assistant}/ask`;
    const response = await ask("POST", path, { body, signal, accept: "text/event-stream" });
    for await (const { event, data } of events(response)) {
      this.#take(exchange, event, data);
      this.changed();
    }
    // A stream that ends without its last event was cut: say so, keep the text.
    if (exchange.state === "asking") throw new Problem(0, "cut", t("problem.cut"));
  }

  /**
   * A visitor whose computer slept is another one to the server, and a conversation may have
   * been removed elsewhere: the question begins a new one then.
   * @param {Exchange} exchange @param {any} error
   */
  async #anew(exchange, error) {
    if (error.status !== 404 || !this.conversation || !this.#stop) throw error;
    this.conversation = null;
    await this.#follow(exchange, this.#stop.signal);
  }

  /** @param {Exchange} exchange @param {string} event @param {any} data */
  #take(exchange, event, data) {
    if (event === "queue") exchange.queue = data;
    if (event === "passages") {
      exchange.queue = null;
      exchange.passages = data.passages;
      // Known from here on: a stopped answer has no last event, and its conversation goes on.
      this.conversation = data.conversation ?? this.conversation;
    }
    if (event === "token") {
      exchange.queue = null;
      exchange.text += data.text;
    }
    if (event === "sentence") {
      exchange.sentences = [...exchange.sentences, placed(exchange.text, exchange.sentences.at(-1)?.end ?? 0, data)];
      this.said(data.supported ? data.text : `${data.text} (${doubt(data)})`);
    }
    if (event === "done") this.#finish(exchange, data);
    if (event === "problem") Object.assign(exchange, { state: "problem", problem: data.detail });
  }

  /** @param {Exchange} exchange @param {import("./types").Answer} answer */
  #finish(exchange, answer) {
    this.conversation = answer.conversation;
    if (!exchange.sentences.length) this.said(answer.answer);
    settle(exchange, answer);
  }

  /** @param {Exchange} exchange @param {any} error */
  #failed(exchange, error) {
    if (error.name === "AbortError") {
      exchange.state = "stopped";
      return;
    }
    exchange.state = "problem";
    exchange.problem = error instanceof Problem ? error.message : t("problem.cut");
    this.said(exchange.problem);
  }
}

/** @param {string} question @returns {Exchange} */
function asked(question) {
  return {
    question, state: "asking", since: Date.now(), queue: null, passages: null,
    text: "", sentences: [], answer: null, problem: "", feedback: null,
  };
}

/** @param {Exchange} exchange @param {import("./types").Answer} answer */
function settle(exchange, answer) {
  const { state, passages, sentences } = answer;
  Object.assign(exchange, { state, passages, sentences, text: answer.answer, answer, queue: null });
}

/** @param {any} message as the server kept it @returns {Exchange} */
export function remembered(message) {
  const exchange = asked(message.question);
  if (message.answer) settle(exchange, message.answer);
  else Object.assign(exchange, { state: "problem", problem: message.state === "erased" ? t("answer.erased") : t("answer.lost") });
  exchange.feedback = message.feedback ?? null;
  return exchange;
}

/** @param {Exchange} exchange @returns {string} what is happening before the first word */
export function waitingFor(exchange) {
  if (exchange.queue) {
    const seconds = Math.max(1, Math.round((exchange.queue.eta_ms ?? 0) / 1000));
    const place = exchange.queue.position + 1; // the server counts those ahead
    return exchange.queue.eta_ms ? t("answer.queue", { place, seconds }) : t("answer.queueOnly", { place });
  }
  return exchange.passages?.length ? t("answer.writing") : t("answer.searching");
}
