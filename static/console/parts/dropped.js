/** Files out of a drop: single files, and whole folders walked to their end. */

/**
 * @param {DataTransfer} transfer of a drop event; read at once, it is empty after the event
 * @returns {Promise<File[]>}
 */
export async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  const plain = [...transfer.files];
  if (!entries.some((entry) => entry?.isDirectory)) return plain;
  const found = await Promise.all(entries.map((entry) => (entry ? walked(entry) : [])));
  return found.flat().filter((file) => !file.name.startsWith("."));
}

/** @param {FileSystemEntry} entry @returns {Promise<File[]>} */
async function walked(entry) {
  if (entry.isFile) return [await new Promise((resolve, reject) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject))];
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  const files = [];
  for (;;) {
    // A folder is read in portions (100 at a time in Chromium); an empty one is the end.
    const portion = await /** @type {Promise<FileSystemEntry[]>} */ (new Promise((resolve, reject) => reader.readEntries(resolve, reject)));
    if (!portion.length) return files;
    files.push(...(await Promise.all(portion.map(walked))).flat());
  }
}
