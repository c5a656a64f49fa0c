import { load } from "../mango-scout/index.js";
import { measure } from "./measure.js";

/** In a page as in a worker. */
export const run = (job) =>
  measure(
    load,
    async (file) => new Uint8Array(await (await fetch(`/parity/${file}`)).arrayBuffer()),
    job,
  );
