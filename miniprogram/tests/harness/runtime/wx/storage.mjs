import { api, sync } from "../api.mjs";
import { callSync, Failure } from "../phone.mjs";

/** @param {import("./index.mjs").Context} context */
export function storageOf({ boot }) {
  const { storage } = boot;
  const copy = (/** @type {unknown} */ value) => (value === undefined ? "" : JSON.parse(JSON.stringify(value)));

  const get = (/** @type {string} */ key) => copy(storage[key]);
  const set = (/** @type {string} */ key, /** @type {unknown} */ data) => {
    storage[key] = copy(data);
    callSync("setStorage", { key, data: storage[key] });
  };
  const remove = (/** @type {string} */ key) => {
    delete storage[key];
    callSync("removeStorage", { key });
  };
  const clear = () => {
    Object.keys(storage).forEach((key) => delete storage[key]);
    callSync("clearStorage");
  };
  const info = () => ({ keys: Object.keys(storage), currentSize: Math.ceil(JSON.stringify(storage).length / 1024), limitSize: 10240 });
  return {
    getStorageSync: get,
    setStorageSync: sync("setStorageSync", set),
    removeStorageSync: sync("removeStorageSync", remove),
    clearStorageSync: sync("clearStorageSync", clear),
    getStorageInfoSync: info,
    getStorage: api("getStorage", ({ key }) => {
      if (!Object.hasOwn(storage, key)) throw new Failure("data not found");
      return { data: get(key) };
    }),
    setStorage: api("setStorage", ({ key, data }) => set(key, data)),
    removeStorage: api("removeStorage", ({ key }) => remove(key)),
    clearStorage: api("clearStorage", clear),
    getStorageInfo: api("getStorageInfo", info),
  };
}
