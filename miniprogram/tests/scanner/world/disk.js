"use strict";
const { failure } = require("../../../scanner/basics/failure.js");

/** What a phone keeps when the app ends. */
class Disk {
  /** @param {{ capacity?: number }} [options] bytes */
  constructor({ capacity = Infinity } = {}) {
    this.capacity = capacity;
    /** @type {Map<string, Uint8Array>} */
    this.content = new Map();
    /** Files of others, such as the camera's. @type {Map<string, Uint8Array>} */
    this.outside = new Map();
    /** Called before each change. @type {((change: { kind: "put" | "delete", path: string, content?: Uint8Array }) => void)[]} */
    this.watchers = [];
    this.fails = (/** @type {string} */ operation, /** @type {string} */ path) => false;
  }

  get bytes() {
    let sum = 0;
    for (const content of this.content.values()) sum += content.length;
    return sum;
  }

  /** @param {string} path @param {Uint8Array} content */
  put(path, content) {
    const before = this.content.get(path);
    if (this.bytes - (before ? before.length : 0) + content.length > this.capacity) {
      throw failure("storage_full", "the fake disk is full");
    }
    for (const watch of this.watchers) watch({ kind: "put", path, content });
    this.content.set(path, content);
  }

  /** @param {string} path */
  delete(path) {
    for (const watch of this.watchers) watch({ kind: "delete", path });
    this.content.delete(path);
  }

  /** @param {string} folder */
  under(folder) {
    return Array.from(this.content.keys()).filter((path) => path === folder || path.startsWith(`${folder}/`));
  }

  /** @param {string} path */
  json(path) {
    const content = this.content.get(path);
    return content ? JSON.parse(Buffer.from(content).toString("utf8")) : null;
  }
}

/**
 * The Files of one run of the app.
 * @param {Disk} disk
 * @param {import("./turns.js").Turns} turns
 * @param {import("./turns.js").Life} life
 * @returns {Files}
 */
function filesOf(disk, turns, life) {
  /** @param {string} operation @param {string} path @param {() => any} act @param {() => void} [cut] */
  const turn = (operation, path, act, cut) =>
    turns.take(
      life,
      () => {
        if (disk.fails(operation, path)) throw failure("file_failed", `the fake disk fails to ${operation} ${path}`);
        return act();
      },
      cut,
    );
  const missing = (/** @type {string} */ path) => failure("not_found", `${path} is not there`);
  return {
    url: (path) => `disk://${path}`,
    read: (path) =>
      turn("read", path, () => {
        const content = disk.content.get(path);
        if (!content) throw missing(path);
        return content.slice().buffer;
      }),
    write: (path, content) => {
      const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : new Uint8Array(content);
      return turn("write", path, () => disk.put(path, Uint8Array.from(bytes)));
    },
    copyIn: (from, to) => {
      const content = () => {
        const found = disk.outside.get(from);
        if (!found) throw missing(from);
        return found;
      };
      const half = () => disk.put(to, content().slice(0, content().length / 2));
      return turn("copyIn", to, () => disk.put(to, content()), half);
    },
    remove: (path) => {
      const all = () => disk.under(path).forEach((file) => disk.delete(file));
      const some = () => disk.under(path).slice(0, 1).forEach((file) => disk.delete(file));
      return turn("remove", path, all, some);
    },
    list: (path) =>
      turn("list", path, () => {
        const names = disk.under(path).map((file) => file.slice(path.length + 1).split("/")[0]);
        return Array.from(new Set(names)).sort();
      }),
    exists: (path) => turn("exists", path, () => disk.under(path).length > 0),
    size: (path) =>
      turn("size", path, () =>
        disk.under(path).reduce((sum, file) => sum + /** @type {Uint8Array} */ (disk.content.get(file)).length, 0),
      ),
    readPackaged: () => Promise.reject(failure("not_found", "the scanner reads no packaged file")),
  };
}

module.exports = { Disk, filesOf };
