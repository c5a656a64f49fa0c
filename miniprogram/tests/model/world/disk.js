"use strict";
const { readFileSync } = require("node:fs");
const path = require("node:path");
const { brotliDecompressSync } = require("node:zlib");

const { failure } = require("../../../scanner/basics/failure.js");
const { root } = require("./workers.js");

const ROOT = "disk://";

/** What stays when the app ends. */
class Disk {
  constructor() {
    /** @type {Map<string, Buffer>} */
    this.content = new Map();
    /** Files from outside, such as an import. @type {Map<string, Buffer>} */
    this.outside = new Map();
    /** Files of the code package that a test takes away. @type {Set<string>} */
    this.unpackaged = new Set();
    this.changes = 0;
    /** The app dies before this change, counted from 1. */
    this.killAt = Infinity;
    /** What is refused. @type {(path: string) => boolean} */
    this.full = () => false;
    /** What cannot be read. @type {(path: string) => boolean} */
    this.unreadable = () => false;
  }

  names() {
    return Array.from(this.content.keys()).sort();
  }

  json(name) {
    return JSON.parse(this.content.get(name).toString());
  }
}

/**
 * The Files of one run of the app on a disk. Once the app died no call of it ends.
 * @param {Disk} disk
 * @param {{ dead: boolean, died(): void }} life
 * @returns {Files}
 */
function filesOf(disk, life) {
  const never = () => new Promise(() => {});

  /** @param {() => void} act */
  async function change(act) {
    if (life.dead) return never();
    disk.changes += 1;
    if (disk.changes < disk.killAt) return act();
    life.dead = true;
    life.died();
    return never();
  }

  /** @template T @param {() => T} act @returns {Promise<T>} */
  const look = async (act) => (life.dead ? never() : act());

  const under = (/** @type {string} */ folder) => disk.names().filter((name) => name === folder || name.startsWith(`${folder}/`));

  function found(/** @type {string} */ name) {
    if (disk.unreadable(name)) throw failure("file_failed", `${name} cannot be read`);
    const bytes = name.startsWith(ROOT) ? disk.content.get(name.slice(ROOT.length)) : disk.content.get(name) || disk.outside.get(name);
    if (!bytes) throw failure("not_found", `${name} is not there`);
    return bytes;
  }

  function room(/** @type {string} */ name) {
    if (disk.full(name)) throw failure("storage_full", `no room for ${name}`);
  }

  return {
    url: (name) => ROOT + name,
    read: (name) => look(() => new Uint8Array(found(name)).buffer),
    write: (name, content) =>
      change(() => {
        room(name);
        disk.content.set(name, Buffer.from(typeof content === "string" ? content : new Uint8Array(content)));
      }),
    copyIn: (from, to) =>
      change(() => {
        room(to);
        disk.content.set(to, found(from));
      }),
    remove: (name) => change(() => under(name).forEach((one) => disk.content.delete(one))),
    list: (name) => look(() => Array.from(new Set(under(name).map((one) => one.slice(name.length + 1).split("/")[0])))),
    exists: (name) => look(() => under(name).length > 0),
    size: (name) => look(() => under(name).reduce((sum, one) => sum + disk.content.get(one).length, 0)),
    readPackaged: (name) =>
      look(() => {
        if (disk.unpackaged.has(name)) throw failure("not_found", `${name} is not in the package`);
        return new Uint8Array(brotliDecompressSync(readFileSync(path.join(root, name)))).buffer;
      }),
  };
}

module.exports = { Disk, filesOf };
