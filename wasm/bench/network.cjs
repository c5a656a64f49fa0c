/**
 * A network in a fresh process, without the photo's decoding: CPU milliseconds of each prediction, as a JSON array.
 * `MANGO_TIMING=1` prints where the time goes.
 */
const { readFileSync } = require("node:fs");
const path = require("node:path");

const WARM_UP = 5;

const [module_, bundle, picture, rounds] = process.argv.slice(2);
const { TimedNetwork, printTiming } = require(path.resolve(module_));
if (!["", "0"].includes(process.env.MANGO_TIMING ?? "")) printTiming();

const manifest = readFileSync(path.join(bundle, "manifest.json"), "utf8");
const weights = readFileSync(path.join(bundle, JSON.parse(manifest).weights.file));
const network = new TimedNetwork(manifest, weights, readFileSync(picture));

function timed(action) {
  const before = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e3;
}

for (let round = 0; round < WARM_UP; round += 1) network.run();
console.log(JSON.stringify(Array.from({ length: Number(rounds) }, () => timed(() => network.run()))));
