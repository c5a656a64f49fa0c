import { createGlue } from "./glue.js";
import { failure, isReported } from "./failure.js";

/** @typedef {(imports: Record<string, object>) => Promise<object>} Instantiate gives a module's exports */

/** One running copy of the wasm module. It is dead after its first crash. */
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
    // Glue of its own for each copy: it keeps views of the memory of the copy that it belongs to.
    const glue = createGlue(TextDecoder, TextEncoder);
    try {
      const exports = await instantiate({ "./mango_wasm_bg.js": glue });
      glue.__wbg_set_wasm(exports);
      exports.__wbindgen_start();
    } catch (error) {
      // What the package itself says of its file, or of its caller's.
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
   * What `action` makes of the glue.
   *
   * Everything that comes out of it, but for the failures that it reports, is a crash: a panic, memory or stack that
   * ran out. What it left behind cannot be trusted.
   * @template T
   * @param {(glue: any) => T} action
   * @returns {T}
   */
  run(action) {
    if (this.#dead) {
      throw failure("needs_restart", "the model crashed before; call init() again and make what you need anew");
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
