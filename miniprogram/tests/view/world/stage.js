// @ts-check

/**
 * Loads the options of a page or component without a framework: WeChat's globals exist while its file is read.
 * @param {string} path
 * @param {"Page" | "Component"} kind
 * @returns {any} what the file gives to that global
 */
function optionsOf(path, kind) {
  const all = /** @type {any} */ (globalThis);
  /** @type {any} */
  let options = null;
  all[kind] = (/** @type {any} */ given) => {
    options = given;
  };
  const file = require.resolve(path);
  delete require.cache[file];
  require(file);
  return options;
}

/**
 * An instance of a page or component, without a view.
 * @param {any} options
 * @param {any} services
 */
function instanceOf(options, services) {
  /** @type {any} */ (globalThis).getApp = () => ({ services });
  const { methods = {}, data, ...rest } = options;
  const instance = { ...rest, ...methods, data: { ...data } };
  instance.setData = (/** @type {object} */ changes, /** @type {(() => void) | undefined} */ drawn) => {
    Object.assign(instance.data, changes);
    if (drawn) setImmediate(drawn);
  };
  return instance;
}

module.exports = { instanceOf, optionsOf };
