import { createGlue } from "./glue.js";
import { failure, isReported } from "./failure.js";

/** @typedef {(imports: Record<string, object>) => Promise<object>} Instantiate returns a module's exports */

/** One instance of the wasm module. It is dead after its first crash. */
export class Engine {
  #glue;
  #dead = false;

  constructor(glue) {
    this.#glue = glue;
  }

  /**
   * @param {Instantiate} instantiate
   * @param {{ TextDecoder: object, TextEncoder: object }} codecs
   */
  static async start(instantiate, { TextDecoder, TextEncoder }) {
    // Each instance has its own glue, which caches views of the instance's memory.
    const glue = createGlue(TextDecoder, TextEncoder);
    try {
      const exports = await instantiate({ "./mango_wasm_bg.js": glue });
      glue.__wbg_set_wasm(exports);
      exports.__wbindgen_start();
    } catch (error) {
      // The package's own error about its file or about the caller's.
      if (error && ["bad_argument", "not_found"].includes(error.code)) throw error;
      const why = (error && (error.message || error.errMsg)) || error;
      throw failure("cannot_start", `the model's code cannot be started here (${why}); it needs WebAssembly with SIMD`);
    }
    return new Engine(glue);
  }

  get dead() {
    return this.#dead;
  }

  /**
   * Runs `action` with the glue.
   *
   * Any exception other than a reported failure is a crash: a panic, or memory or stack exhausted. The instance's state
   * is not usable after that.
   * @template T
   * @param {(glue: any) => T} action
   * @returns {T}
   */
  run(action) {
    if (this.#dead) {
      throw failure("needs_restart", "the model crashed before; call init() again and recreate your objects");
    }
    try {
      return action(this.#glue);
    } catch (error) {
      if (isReported(error)) throw error;
      this.#dead = true;
      throw failure("panic", this.#lastWords() || String((error && error.message) || error));
    }
  }

  #lastWords() {
    try {
      return this.#glue.panicMessage();
    } catch {
      return undefined;
    }
  }
}
