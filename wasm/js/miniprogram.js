/* global WXWebAssembly */
import { createPackage } from "./package.js";
import { TextDecoder, TextEncoder } from "./text-codec.js";

const { start, Scout, Gallery, reconcile, version, crashForTest } = createPackage({ TextDecoder, TextEncoder });

/** @param {string} path of the module in the code package: WeChat accepts neither bytes nor a URL */
async function init(path) {
  await start(async (imports) => {
    // The type definitions declare an instance; clients return `{ instance }`.
    const result = await WXWebAssembly.instantiate(path, imports);
    return (result.instance || result).exports;
  });
}

export { init, Scout, Gallery, reconcile, version, crashForTest };
