/**
 * Times the start and the predictions of the packed module in a new process, as one line of JSON. In CPU milliseconds,
 * which other programs disturb less than wall-clock time.
 */
import { readFileSync } from "node:fs";

import { load } from "../pkg/node.js";

const ROUNDS = 20;

const photo = readFileSync(process.argv[2]);

function cpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
}

const peak = () => process.resourceUsage().maxRSS / 1024;

function timed(action) {
  const before = cpu();
  action();
  return cpu() - before;
}

const [before, memoryBefore] = [cpu(), peak()];
const scout = await load();
const start = cpu() - before;
const first = timed(() => scout.predict(photo));
const steady = Array.from({ length: ROUNDS }, () => timed(() => scout.predict(photo))).sort((a, b) => a - b);
const explained = Array.from({ length: ROUNDS }, () => timed(() => scout.predict(photo, { explain: true }))).sort((a, b) => a - b);
console.log(
  JSON.stringify({
    start,
    first,
    steady: steady[ROUNDS / 2],
    explained: explained[ROUNDS / 2],
    memory: peak() - memoryBefore,
  }),
);
