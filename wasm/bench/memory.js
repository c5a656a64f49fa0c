/**
 * Bytes that the first prediction of a photo adds to the module's memory in a new process, above the memory with the
 * weights loaded.
 */
import { readFileSync } from "node:fs";

const photo = readFileSync(process.argv[2]);

let memory;
const instantiate = WebAssembly.instantiate;
WebAssembly.instantiate = async (...given) => {
  const made = await instantiate(...given);
  memory = (made.instance ?? made).exports.memory;
  return made;
};
const { load } = await import("../pkg/node.js");

const scout = await load();
const loaded = memory.buffer.byteLength;
scout.predict(photo, { explain: true });
console.log(memory.buffer.byteLength - loaded);
