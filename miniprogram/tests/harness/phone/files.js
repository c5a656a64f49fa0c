"use strict";
const fs = require("node:fs");
const path = require("node:path");
const zlib = require("node:zlib");

const { Failure } = require("./failure");

const SCHEME = "wxfile://";

/** Of `wx.env.USER_DATA_PATH`. */
const QUOTA = 200 * 1024 * 1024;

const NO_SUCH_FILE = 1300002;
const EXISTS = 1301005;
const NOT_PERMITTED = 1300001;
const NO_ROOM = 1300202;
const NOT_EMPTY = 1300066;

/**
 * The phone's files, real ones below `home`, by the paths that WeChat gives: `wxfile://usr/...` stays and is the app's own,
 * `wxfile://tmp/...` is where photos come in, and a plain path is in the code package, which nothing can change.
 * @param {{ home: string, source: import("../build/tree").Source, quota?: number }} options
 */
function createFiles({ home, source, quota = QUOTA }) {
  const user = path.join(home, "usr");
  const temporary = path.join(home, "tmp");
  for (const folder of [user, temporary]) fs.mkdirSync(folder, { recursive: true });
  let temporaries = fs.readdirSync(temporary).length;

  const state = { quota };

  /** @param {string} name */
  function local(name) {
    const file = path.join(home, name.slice(SCHEME.length));
    if (file !== home && !file.startsWith(home + path.sep)) throw new Failure(`permission denied, open "${name}"`, NOT_PERMITTED);
    return file;
  }
  /** @param {string} name */
  function writable(name) {
    const file = name.startsWith(SCHEME) ? local(name) : "";
    if (file !== user && !file.startsWith(user + path.sep)) throw new Failure(`permission denied, open "${name}"`, NOT_PERMITTED);
    return file;
  }
  /** @param {string} name */
  const packaged = (name) => name.replace(/^\.?\//, "");
  /** @param {string} name */
  function read(name) {
    if (typeof name !== "string") throw new Failure("parameter error: parameter.filePath should be String instead of Undefined;");
    if (name.startsWith(SCHEME)) return said(name, () => fs.readFileSync(local(name)));
    return said(name, () => source.bytes(packaged(name)));
  }
  /** @param {number} bytes @param {string} name */
  function makeRoom(bytes, name) {
    const before = fs.statSync(local(name), { throwIfNoEntry: false })?.size || 0;
    if (sizeOf(user) - before + bytes > state.quota) throw new Failure("the maximum size of the file storage limit is exceeded", NO_ROOM);
  }
  /** @param {string} name @param {Uint8Array} bytes */
  function write(name, bytes) {
    const file = writable(name);
    makeRoom(bytes.length, name);
    said(name, () => fs.writeFileSync(file, bytes));
  }

  const calls = {
    /** @param {{ path: string }} options */
    access({ path: name }) {
      if (!name.startsWith(SCHEME)) {
        if (!source.has(packaged(name))) throw new Failure(`no such file or directory "${name}"`, NO_SUCH_FILE);
      } else said(name, () => fs.accessSync(local(name)));
    },
    /** @param {{ filePath: string, position?: number, length?: number }} options */
    readFile({ filePath, position = 0, length }) {
      const bytes = read(filePath);
      return { bytes: bytes.subarray(position, length === undefined ? undefined : position + length) };
    },
    /** @param {{ filePath: string, compressionAlgorithm: string }} options */
    readCompressedFile({ filePath, compressionAlgorithm }) {
      if (compressionAlgorithm !== "br") throw new Failure("invalid compressionAlgorithm");
      const bytes = read(filePath);
      try {
        return { bytes: zlib.brotliDecompressSync(bytes) };
      } catch {
        throw new Failure("decompress fail", 1300301);
      }
    },
    /** @param {{ filePath: string }} options @param {Buffer} bytes */
    writeFile({ filePath }, bytes) {
      write(filePath, bytes);
    },
    /** @param {{ filePath: string }} options @param {Buffer} bytes */
    appendFile({ filePath }, bytes) {
      write(filePath, Buffer.concat([read(filePath), bytes]));
    },
    /** @param {{ srcPath: string, destPath: string }} options */
    copyFile({ srcPath, destPath }) {
      write(destPath, read(srcPath));
    },
    /** @param {{ tempFilePath: string, filePath: string }} options */
    saveFile({ tempFilePath, filePath }) {
      const file = writable(filePath);
      makeRoom(read(tempFilePath).length, filePath);
      said(tempFilePath, () => fs.renameSync(local(tempFilePath), file));
      return { savedFilePath: filePath };
    },
    /** @param {{ oldPath: string, newPath: string }} options */
    rename({ oldPath, newPath }) {
      const to = writable(newPath);
      said(oldPath, () => fs.renameSync(writable(oldPath), to));
    },
    /** @param {{ filePath: string }} options */
    unlink({ filePath }) {
      said(filePath, () => fs.unlinkSync(writable(filePath)));
    },
    /** @param {{ dirPath: string, recursive?: boolean }} options */
    mkdir({ dirPath, recursive }) {
      const folder = writable(dirPath);
      if (fs.existsSync(folder) && !recursive) throw new Failure(`file already exists "${dirPath}"`, EXISTS);
      said(dirPath, () => fs.mkdirSync(folder, { recursive }));
    },
    /** @param {{ dirPath: string, recursive?: boolean }} options */
    rmdir({ dirPath, recursive }) {
      const folder = writable(dirPath);
      said(dirPath, () => (recursive ? fs.rmSync(folder, { recursive }) : fs.rmdirSync(folder)));
    },
    /** @param {{ dirPath: string }} options */
    readdir({ dirPath }) {
      return { files: said(dirPath, () => fs.readdirSync(local(dirPath))) };
    },
    /** @param {{ path: string, recursive?: boolean }} options */
    stat({ path: name, recursive }) {
      if (!name.startsWith(SCHEME)) return { stats: { mode: 0o100444, size: read(name).length, isFile: true } };
      const root = local(name);
      const top = said(name, () => fs.statSync(root));
      if (!recursive || !top.isDirectory()) return { stats: stats(top) };
      const entries = fs.readdirSync(root, { recursive: true }).map(String);
      return {
        stats: ["/", ...entries.map((entry) => `/${entry}`)].map((entry) => ({ path: entry, stats: stats(fs.statSync(path.join(root, entry))) })),
      };
    },
    /** @param {{ filePath: string }} options */
    getFileInfo({ filePath }) {
      return { size: read(filePath).length };
    },
    /** A file that did not come from the app: a photo taken, a picture made smaller. @param {{ suffix: string }} options @param {Buffer} bytes */
    keepTemporary({ suffix }, bytes) {
      return { path: addTemporary(bytes, suffix), size: bytes.length };
    },
  };

  /** @param {Uint8Array} bytes @param {string} suffix such as `jpg` */
  function addTemporary(bytes, suffix) {
    const name = `${temporaries++}.${suffix.replace(/[^a-z0-9]/gi, "")}`;
    fs.writeFileSync(path.join(temporary, name), bytes);
    return `${SCHEME}tmp/${name}`;
  }

  return { calls, read, addTemporary, state, user };
}

/** @param {import("node:fs").Stats} stats */
function stats(stats) {
  const { mode, size, atimeMs, mtimeMs } = stats;
  return { mode, size, lastAccessedTime: Math.floor(atimeMs / 1000), lastModifiedTime: Math.floor(mtimeMs / 1000), isFile: stats.isFile() };
}

/** @param {string} folder @returns {number} */
function sizeOf(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const file = path.join(folder, entry.name);
    return sum + (entry.isDirectory() ? sizeOf(file) : fs.statSync(file).size);
  }, 0);
}

/**
 * Runs an operation and reports failures as WeChat does.
 * @template T
 * @param {string} name
 * @param {() => T} action
 * @returns {T}
 */
function said(name, action) {
  try {
    return action();
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === "ENOENT") throw new Failure(`no such file or directory, open "${name}"`, NO_SUCH_FILE);
    if (code === "EISDIR") throw new Failure(`illegal operation on a directory, open "${name}"`, 1300021);
    if (code === "ENOTDIR") throw new Failure(`not a directory, open "${name}"`, 1300020);
    if (code === "ENOTEMPTY") throw new Failure(`directory not empty "${name}"`, NOT_EMPTY);
    if (code === "EEXIST") throw new Failure(`file already exists "${name}"`, EXISTS);
    if (code === "EPERM" || code === "EACCES") throw new Failure(`permission denied, open "${name}"`, NOT_PERMITTED);
    throw error;
  }
}

module.exports = { createFiles };
