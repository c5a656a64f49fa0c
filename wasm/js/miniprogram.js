/* global WXWebAssembly */
import { createPackage } from "./package.js";
import { TextDecoder, TextEncoder } from "./text-codec.js";

const { start, Scout, Gallery, reconcile, version, crashForTest } = createPackage({ TextDecoder, TextEncoder });

/** @param {string} path of the module in the code package: WeChat takes neither bytes nor an address */
async function init(path) {
  await start(async (imports) => {
    // The typings promise an instance, clients give `{ instance }`.
    const result = await WXWebAssembly.instantiate(path, imports);
    return (result.instance || result).exports;
  });
}

export { init, Scout, Gallery, reconcile, version, crashForTest };
