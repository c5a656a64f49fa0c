"use strict";

/** WeChat's way: the function returns, and later one of two callbacks is called. */
function later(options, act) {
  setImmediate(() => {
    try {
      options.success?.(act() ?? { errMsg: "ok" });
    } catch (reason) {
      options.fail?.(reason);
    }
  });
}

const missing = (path) => ({ errMsg: `fail no such file or directory ${path}`, errCode: 1300002, errno: 1300002 });

/**
 * WeChat's file system in memory. `strict` refuses to rename onto a file that is there, as phones may; `operations` left
 * before the app is killed.
 */
class FakeFiles {
  constructor({ strict = false, numbers = true } = {}) {
    this.strict = strict;
    this.numbers = numbers;
    /** @type {Map<string, Uint8Array>} */
    this.content = new Map();
    /** @type {Set<string>} */
    this.folders = new Set(["wxfile://usr"]);
    /** Changes until the app is killed. */
    this.left = Infinity;
    this.room = Infinity;
    this.manager = Object.fromEntries(["access", "readFile", "writeFile", "copyFile", "rename", "unlink", "mkdir", "rmdir", "readdir", "stat"].map((name) => [name, (options) => this.call(name, options)]));
  }

  call(name, options) {
    const changes = ["writeFile", "copyFile", "rename", "unlink", "mkdir", "rmdir"].includes(name);
    if (this.left <= 0) return;
    if (changes) this.left -= 1;
    const cut = this.left <= 0 && changes;
    later(
      cut ? {} : options,
      () => {
        // Killed in the middle: half of the bytes are there.
        if (cut && name === "writeFile") this.content.set(options.filePath, bytesOf(options).subarray(0, 3));
        else if (!cut) return this.act(name, options);
        return undefined;
      },
    );
  }

  fail(reason) {
    throw this.numbers ? reason : { errMsg: reason.errMsg };
  }

  there(path) {
    return this.content.has(path) || this.folders.has(path);
  }

  parent(path) {
    const folder = path.slice(0, path.lastIndexOf("/"));
    if (!this.folders.has(folder)) this.fail(missing(path));
  }

  put(path, bytes) {
    this.parent(path);
    if (bytes.length > this.room) this.fail({ errMsg: "fail the maximum size of the file storage limit is exceeded", errCode: 1300202 });
    this.content.set(path, bytes);
  }

  act(name, options) {
    const path = options.path || options.filePath || options.dirPath || options.oldPath || options.srcPath;
    if (!["writeFile", "mkdir"].includes(name) && !this.there(path)) this.fail(missing(path));
    switch (name) {
      case "readFile":
        return { data: new Uint8Array(this.content.get(path)).buffer };
      case "writeFile":
        return void this.put(path, bytesOf(options));
      case "copyFile":
        return void this.put(options.destPath, this.content.get(path));
      case "rename":
        if (this.strict && this.there(options.newPath)) this.fail({ errMsg: "fail file already exists", errCode: 1301005 });
        this.put(options.newPath, this.content.get(path));
        return void this.content.delete(path);
      case "unlink":
        if (this.folders.has(path)) this.fail({ errMsg: "fail operation not permitted", errCode: 1300001 });
        return void this.content.delete(path);
      case "mkdir":
        if (!options.recursive) this.parent(path);
        return void path.split("/").forEach((_, at, parts) => at > 2 && this.folders.add(parts.slice(0, at + 1).join("/")));
      case "rmdir":
        for (const one of [...this.content.keys()]) if (one.startsWith(`${path}/`)) this.content.delete(one);
        for (const one of [...this.folders]) if (one === path || one.startsWith(`${path}/`)) this.folders.delete(one);
        return undefined;
      case "readdir":
        return { files: [...new Set([...this.content.keys(), ...this.folders].filter((one) => one.startsWith(`${path}/`)).map((one) => one.slice(path.length + 1).split("/")[0]))] };
      case "stat":
        if (this.content.has(path)) return { stats: stats(this.content.get(path)) };
        return { stats: [{ path: "/", stats: stats(null) }, ...[...this.content].filter(([one]) => one.startsWith(`${path}/`)).map(([one, bytes]) => ({ path: one.slice(path.length), stats: stats(bytes) }))] };
      default:
        return undefined;
    }
  }

  wx() {
    return { env: { USER_DATA_PATH: "wxfile://usr" }, getFileSystemManager: () => this.manager };
  }
}

const stats = (/** @type {Uint8Array | null} */ bytes) => ({ size: bytes ? bytes.length : 4096, isFile: () => bytes !== null });
const bytesOf = ({ data }) => (typeof data === "string" ? Buffer.from(data) : new Uint8Array(data));

module.exports = { FakeFiles, later };
