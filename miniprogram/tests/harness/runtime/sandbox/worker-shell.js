/**
 * A browser's worker as WeChat's: the language, `worker`, `WXWebAssembly`, `require` within the worker's folder, and no more.
 * The first message brings the files.
 */
"use strict";
importScripts("/harness/sandbox/pack.js");
(() => {
  const { fetch, WebAssembly, URL, postMessage } = self;

  /**
   * As iOS takes it: a path in the code package, and no exported Globals.
   */
  const WXWebAssembly = {
    async instantiate(path, imports = {}) {
      if (typeof path !== "string" || !/\.wasm(\.br)?$/.test(path) || /^[a-z]+:/.test(path)) {
        throw new TypeError("WXWebAssembly.instantiate: takes the path of a .wasm or .wasm.br file in the code package");
      }
      const response = await fetch(`/wasm/${path.replace(/^\//, "")}`);
      if (!response.ok) throw new Error(`WXWebAssembly.instantiate: ${path} cannot be read`);
      const module = await WebAssembly.compile(await response.arrayBuffer());
      const globals = WebAssembly.Module.exports(module).filter(({ kind }) => kind === "global");
      if (globals.length > 0) throw new Error(`WXWebAssembly.instantiate: iOS refuses exported Globals: ${globals.map(({ name }) => name)}`);
      return { instance: await WebAssembly.instantiate(module, imports) };
    },
  };

  const listeners = [];
  const worker = {
    onMessage: (listener) => void listeners.push(listener),
    postMessage: (message) => postMessage.call(self, packMessage(message).received),
  };
  self.onmessage = ({ data: files }) => {
    self.onmessage = ({ data }) => listeners.forEach((listener) => listener(data));
    start(files);
  };

  function start({ path, scripts, hidden }) {
    const loaded = new Map();
    function load(file) {
      if (!loaded.has(file)) {
        const module = { exports: {} };
        loaded.set(file, module);
        const require = (target) => load(find(file, target));
        const code = `"use strict"; return function (require, module, exports, worker, WXWebAssembly) {${scripts[file]}\n}\n//# sourceURL=miniprogram/${file}`;
        new Function(...hidden, code)().call(undefined, require, module, module.exports, worker, WXWebAssembly);
      }
      return loaded.get(file).exports;
    }
    function find(from, target) {
      const base = new URL(target, `http://package/${from}`).pathname.slice(1);
      const file = [base, `${base}.js`, `${base}/index.js`].find((candidate) => Object.hasOwn(scripts, candidate));
      if (file === undefined) throw new Error(`module '${target}' of ${from} is not in the worker's folder`);
      return file;
    }
    load(path);
  }
})();
