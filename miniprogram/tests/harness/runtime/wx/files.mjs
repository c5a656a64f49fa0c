import { callback, sync } from "../api.mjs";
import { call, callSync, Failure } from "../phone.mjs";

/** Names of what a function that ends in Sync takes one after another. */
const SYNC = /** @type {const} */ ({
  access: ["path"],
  copyFile: ["srcPath", "destPath"],
  rename: ["oldPath", "newPath"],
  unlink: ["filePath"],
  mkdir: ["dirPath", "recursive"],
  rmdir: ["dirPath", "recursive"],
});

export function filesOf() {
  /** @type {Record<string, any>} */
  const manager = {
    readFile: callback("readFile", async ({ filePath, encoding, position, length }) => {
      const { bytes } = await call("readFile", { filePath, position, length });
      return { data: decoded(bytes, encoding) };
    }),
    readFileSync: sync("readFileSync", (filePath, encoding, position, length) =>
      decoded(callSync("readFile", { filePath, position, length }).bytes, encoding)),
    readCompressedFile: callback("readCompressedFile", async ({ filePath, compressionAlgorithm }) => ({
      data: (await call("readCompressedFile", { filePath, compressionAlgorithm })).bytes.buffer,
    })),
    readCompressedFileSync: sync("readCompressedFileSync", (options) => callSync("readCompressedFile", options).bytes.buffer),
    writeFile: callback("writeFile", ({ filePath, data, encoding }) => call("writeFile", { filePath }, encoded(data, encoding))),
    writeFileSync: sync("writeFileSync", (filePath, data, encoding) => void callSync("writeFile", { filePath }, encoded(data, encoding))),
    appendFile: callback("appendFile", ({ filePath, data, encoding }) => call("appendFile", { filePath }, encoded(data, encoding))),
    appendFileSync: sync("appendFileSync", (filePath, data, encoding) => void callSync("appendFile", { filePath }, encoded(data, encoding))),
    readdir: callback("readdir", ({ dirPath }) => call("readdir", { dirPath })),
    readdirSync: sync("readdirSync", (dirPath) => callSync("readdir", { dirPath }).files),
    stat: callback("stat", async ({ path, recursive }) => ({ stats: stats((await call("stat", { path, recursive })).stats) })),
    statSync: sync("statSync", (path, recursive) => stats(callSync("stat", { path, recursive }).stats)),
    saveFile: callback("saveFile", ({ tempFilePath, filePath }) => call("saveFile", { tempFilePath, filePath })),
    saveFileSync: sync("saveFileSync", (tempFilePath, filePath) => callSync("saveFile", { tempFilePath, filePath }).savedFilePath),
    getFileInfo: callback("getFileInfo", ({ filePath }) => call("getFileInfo", { filePath })),
  };
  for (const [name, parameters] of Object.entries(SYNC)) {
    const chosen = (/** @type {any} */ options) => Object.fromEntries(parameters.map((parameter) => [parameter, options[parameter]]));
    manager[name] = callback(name, (options) => call(name, chosen(options)));
    manager[`${name}Sync`] = sync(`${name}Sync`, (...values) =>
      void callSync(name, Object.fromEntries(parameters.map((parameter, index) => [parameter, values[index]]))));
  }
  return { getFileSystemManager: () => manager };
}

/** @param {Uint8Array} bytes @param {string | undefined} encoding */
function decoded(bytes, encoding) {
  if (encoding === undefined || encoding === "") return bytes.buffer;
  if (/^utf-?8$/i.test(encoding)) return new TextDecoder().decode(bytes);
  if (encoding === "base64") return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  throw new Failure(`invalid encoding "${encoding}"`);
}

/** @param {string | ArrayBuffer} data @param {string} [encoding] */
function encoded(data, encoding = "utf8") {
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (typeof data !== "string") throw new Failure("parameter error: parameter.data should be String or ArrayBuffer;");
  if (/^utf-?8$/i.test(encoding)) return new TextEncoder().encode(data);
  if (encoding === "base64") return Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  throw new Failure(`invalid encoding "${encoding}"`);
}

/** @param {any} found one or many */
function stats(found) {
  if (Array.isArray(found)) return found.map(({ path, stats: one }) => ({ path, stats: stats(one) }));
  const { isFile, ...numbers } = found;
  return { ...numbers, isFile: () => isFile, isDirectory: () => !isFile };
}
