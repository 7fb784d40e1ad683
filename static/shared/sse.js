/**
 * Server-sent events over fetch: a stream of bytes in, named events out.
 *
 * EventSource cannot POST. The bytes may be cut anywhere, inside an event,
 * between CR and LF, inside one letter: the decoder keeps what is not finished
 * and judges line ends only once both halves are there. A comment (heartbeat)
 * is silence; an event that the connection cut short is dropped.
 */

/**
 * @typedef {{ event: string, data: string }} ServerEvent
 */

export class Decoder {
  #utf8 = new TextDecoder();
  #rest = "";
  #event = "";
  /** @type {string[]} */
  #data = [];

  /**
   * @param {Uint8Array} bytes the next piece of the stream
   * @returns {ServerEvent[]} the events it finished, often none
   */
  push(bytes) {
    let text = this.#rest + this.#utf8.decode(bytes, { stream: true });
    // A CR at the end may be half of a CRLF: it waits for its other half.
    const held = text.endsWith("\r") ? "\r" : "";
    if (held) text = text.slice(0, -1);
    const lines = text.split(/\r\n|\r|\n/);
    this.#rest = (lines.pop() ?? "") + held;
    return lines.flatMap((line) => this.#line(line));
  }

  /** @param {string} line @returns {ServerEvent[]} */
  #line(line) {
    if (line === "") return this.#finish();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#event = value;
    if (field === "data") this.#data.push(value);
    return [];
  }

  /** @returns {ServerEvent[]} */
  #finish() {
    const event = this.#event || "message";
    const data = this.#data;
    this.#event = "";
    this.#data = [];
    return data.length ? [{ event, data: data.join("\n") }] : [];
  }
}

/**
 * The events of a response, each with its data read as JSON.
 * @param {Response} response
 * @returns {AsyncGenerator<{ event: string, data: any }>}
 */
export async function* events(response) {
  if (!response.body) return;
  const reader = response.body.getReader();
  const decoder = new Decoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      for (const { event, data } of decoder.push(value)) yield { event, data: JSON.parse(data) };
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
