/** Looks that one page takes: one at a time, so that an older answer never comes last. */

/**
 * Whoever asks while a look is under way gets the next one, and all who ask meanwhile share it.
 * @param {() => Promise<void>} look
 * @returns {() => Promise<void>}
 */
export function inTurn(look) {
  /** @type {Promise<void> | null} */
  let now = null;
  /** @type {Promise<void> | null} */
  let next = null;
  const begin = () => {
    now = look().finally(() => { now = null; });
    return now;
  };
  return () => {
    if (!now && !next) return begin();
    next ??= Promise.resolve(now).catch(() => {}).then(() => { next = null; return begin(); });
    return next;
  };
}

/** Lays a step of a job over what is shown of it. @template {{ id: string, state: string }} J @param {J | null | undefined} shown @param {J} job @returns {J | null} null where more than its progress has changed */
export const step = (shown, job) => (shown?.id === job.id && shown.state === job.state ? { ...shown, ...job } : null);
