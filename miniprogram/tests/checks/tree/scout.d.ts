// The generated worker/scout.js, by the declarations of the package that has the same code.
export { Gallery, Scout, ScoutError, reconcile, version } from "../../../../wasm/npm/index";

/** Takes the path of the module in the code package: WeChat takes neither bytes nor an address. */
export function init(path: string): Promise<void>;

/** Crashes, as a bug would. */
export function crashForTest(message: string): never;
