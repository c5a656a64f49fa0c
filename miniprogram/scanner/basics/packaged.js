// @ts-check
const { failure } = require("./failure.js");

/** WeChat loads WebAssembly from the package only. */
const WASM = "model/mango.wasm.br";

/** The module without SIMD, in the sub-package. */
const SCALAR_WASM = "scalar/mango.wasm.br";

const FILES = {
  manifest: "model/leaf-mini.json.br",
  weights: "model/leaf-mini.br",
  gallery: "model/mango-pests.br",
  catalog: "model/catalog.json.br",
};

/**
 * Reads a file of the packaged model.
 * @param {Files} files
 * @param {keyof typeof FILES} which
 */
async function packaged(files, which) {
  try {
    return await files.readPackaged(FILES[which]);
  } catch (error) {
    if (error.code === "wechat_too_old") throw error;
    const advice = "run cargo xtask miniprogram, and upload the package again";
    throw failure("model_missing", `the package's ${FILES[which]} cannot be read; ${advice} (${error.message})`);
  }
}

module.exports = { packaged, SCALAR_WASM, WASM };
