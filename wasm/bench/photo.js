/**
 * Times the packed module on one photo in a new process: CPU milliseconds of each prediction from the photo's bytes, as
 * a JSON array.
 */
import { readFileSync } from "node:fs";

import { load } from "../pkg/node.js";

const WARM_UP = 3;

const [file, rounds] = process.argv.slice(2);
const photo = readFileSync(file);
const scout = await load();

function timed() {
  const before = process.cpuUsage();
  scout.predict(photo);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e3;
}

for (let round = 0; round < WARM_UP; round += 1) timed();
console.log(JSON.stringify(Array.from({ length: Number(rounds) }, timed)));
