import { HIDDEN } from "./hidden.mjs";

/**
 * CommonJS as the mini-program has it: files of the package, and none of the browser's globals.
 * @param {Record<string, string>} scripts
 */
export function createModules(scripts) {
  /** @type {Map<string, { exports: any }>} */
  const loaded = new Map();

  /** @param {string} file */
  function load(file) {
    const known = loaded.get(file);
    if (known) return known.exports;
    const module = { exports: {} };
    loaded.set(file, module);
    const require = Object.assign((/** @type {string} */ target) => load(find(file, target)), {
      async: async (/** @type {string} */ target) => load(find(file, target)),
    });
    // A function within, so that a file may have a name of its own such as `history`.
    const code = `"use strict"; return function (require, module, exports) {${scripts[file]}\n}\n//# sourceURL=miniprogram/${file}`;
    new Function(...HIDDEN, code)().call(undefined, require, module, module.exports);
    return module.exports;
  }

  /** @param {string} from @param {string} target */
  function find(from, target) {
    const base = new URL(target, `http://package/${from}`).pathname.slice(1);
    const file = [base, `${base}.js`, `${base}/index.js`].find((candidate) => Object.hasOwn(scripts, candidate));
    if (file === undefined) throw new Error(`module '${base}.js' is not defined, require args is '${target}'`);
    if (file.startsWith("worker/") && !from.startsWith("worker/")) throw new Error(`${from} cannot reach into the worker's folder`);
    return file;
  }

  return { load, has: (/** @type {string} */ file) => Object.hasOwn(scripts, file) };
}
