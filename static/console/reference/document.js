/** The OpenAPI document as the page reads it: rooms of routes, who may call, and shapes as text. */

/** @typedef {Record<string, any>} Json */

/**
 * @typedef {object} Route
 * @property {string} id
 * @property {string} method
 * @property {string} path
 * @property {Json} operation
 */

/** @param {Json} doc @returns {Map<string, Route[]>} the routes of each room, in the document's order */
export function rooms(doc) {
  /** @type {Map<string, Route[]>} */
  const found = new Map();
  for (const [path, item] of Object.entries(doc.paths)) {
    for (const [method, operation] of Object.entries(/** @type {Json} */ (item))) {
      const room = operation.tags?.[0] ?? "";
      found.set(room, [...(found.get(room) ?? []), { id: operation.operationId, method: method.toUpperCase(), path, operation }]);
    }
  }
  return found;
}

/** @param {Route} route @param {string} words @returns {boolean} whether all the words stand in its line */
export function mentions({ method, path, operation }, words) {
  const line = `${method} ${path} ${operation.description ?? ""}`.toLowerCase();
  return words.toLowerCase().split(/\s+/).every((word) => line.includes(word));
}

/** @param {Json} operation @returns {{ roles: string[], scopes: string[], visitors: boolean, anyone: boolean }} */
export function callers({ security = [] }) {
  const of = (/** @type {string} */ name) => security.flatMap((/** @type {Json} */ one) => one[name] ?? []);
  return {
    roles: of("session"),
    scopes: of("key"),
    visitors: security.some((/** @type {Json} */ one) => "visitor" in one),
    anyone: security.length === 0,
  };
}

/** @param {Json} doc @param {Json} value @returns {Json} what it refers to, where it only refers */
export function resolved(doc, value) {
  if (!value.$ref) return value;
  const way = value.$ref.replace("#/", "").split("/");
  return way.reduce((/** @type {Json} */ at, /** @type {string} */ name) => at[name], doc);
}

/**
 * A shape as text, as a person would write it down: one line for each field.
 * @param {Json} doc @param {Json} schema @param {string} [indent]
 * @param {readonly string[]} [above] the shapes that it stands in, which are only named again
 * @returns {string}
 */
export function shape(doc, schema, indent = "", above = []) {
  if (schema.$ref) {
    const name = String(schema.$ref.split("/").at(-1)).split(".").at(-1) ?? "";
    return above.includes(schema.$ref) ? name : shape(doc, resolved(doc, schema), indent, [...above, schema.$ref]);
  }
  if (schema.anyOf) return schema.anyOf.map((/** @type {Json} */ one) => shape(doc, one, indent, above)).join(" | ");
  if (schema.enum) return schema.enum.map((/** @type {unknown} */ one) => JSON.stringify(one)).join(" | ");
  if (schema.type === "array") return `[${shape(doc, schema.items ?? {}, indent, above)}, …]`;
  if (schema.properties) return fields(doc, schema, indent, above);
  if (schema.type === "object") return typeof schema.additionalProperties === "object" ? `{…: ${shape(doc, schema.additionalProperties, indent, above)}}` : "{…}";
  if (schema.format === "binary") return "bytes";
  return [schema.type ?? "…"].flat().join(" | ") + bounds(schema);
}

/** @param {Json} doc @param {Json} schema @param {string} indent @param {readonly string[]} above */
function fields(doc, schema, indent, above) {
  const deeper = `${indent}  `;
  const lines = Object.entries(schema.properties).map(([name, of]) => {
    const value = /** @type {Json} */ (of);
    const may = schema.required?.includes(name) ? "" : "?";
    const usual = value.default === undefined || value.default === null ? "" : ` = ${JSON.stringify(value.default)}`;
    return `${deeper}${name}${may}: ${shape(doc, value, deeper, above)}${usual}`;
  });
  return `{\n${lines.join("\n")}\n${indent}}`;
}

/** @param {Json} schema @returns {string} what a value may be at most and at least */
function bounds({ minimum, maximum, maxLength }) {
  if (maxLength !== undefined) return ` (≤ ${maxLength})`;
  if (minimum !== undefined && maximum !== undefined) return ` (${minimum}–${maximum})`;
  return minimum === undefined ? "" : ` (≥ ${minimum})`;
}
