/** The exports of the mini-program's modules that the page uses, by file name. @type {Record<string, any>} */
const modules = {};

/**
 * Evaluates a CommonJS module of the mini-program, after those that it requires.
 * @param {string} name
 * @param {(module: { exports: any }, require: (path: string) => any) => void} body
 */
function evaluate(name, body) {
  const module = { exports: {} };
  body(module, (path) => modules[path.split("/").pop() ?? ""]);
  modules[name] = module.exports;
}
