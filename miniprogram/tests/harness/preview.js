"use strict";
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { parseArgs } = require("node:util");

const { build } = require("./build");
const { Phone } = require("./phone/phone");
const { serve } = require("./server");

const APP = path.join(__dirname, "..", "..");

const USAGE = `Shows the mini-program in a browser, with the computer's camera or files.

node preview.js [--relay https://HOST[:PORT]] [--ca FILE] [--port N] [--language zh_CN|en] [--keep FOLDER] [--open]

  --relay     the relay that the mini-program has built in; without one it answers on the phone alone
  --ca        the certificate that the relay's goes back to, where the system does not know it
  --port      0, the default, takes a free one
  --language  of the phone; zh_CN if it is not given
  --keep      a folder in which the phone's files stay; without it they go when the preview ends
  --open      opens the address in the browser`;

async function main() {
  const { values } = parseArgs({
    options: {
      relay: { type: "string" }, ca: { type: "string" }, port: { type: "string", default: "0" }, language: { type: "string", default: "zh_CN" },
      keep: { type: "string" }, open: { type: "boolean" }, help: { type: "boolean" },
    },
  });
  if (values.help) return void console.log(USAGE);
  const relay = values.relay === undefined ? "" : origin(values.relay);
  const language = values.language === "en" ? "en" : "zh_CN";
  const built = build(APP, { replace: { "build.js": buildFile(relay) } });
  for (const problem of built.problems) console.error(problem);
  const home = values.keep || fs.mkdtempSync(path.join(os.tmpdir(), "mango-preview-"));
  const ca = values.ca === undefined ? undefined : fs.readFileSync(values.ca);
  const phone = new Phone({ home, source: built.source, network: { ca, listed: relay ? [relay] : [] }, language, interactive: true });
  const server = await serve({ built, phone, port: Number(values.port) });
  console.log(`preview ready: ${server.url}`);
  if (values.open) open(server.url);
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
    process.once(signal, async () => {
      await server.close();
      if (!values.keep) fs.rmSync(home, { recursive: true, force: true });
      process.exit(0);
    });
  }
}

/** @param {string} address */
function origin(address) {
  const { protocol, origin } = new URL(address);
  if (protocol !== "https:") throw new Error(`--relay is ${address}; the mini-program speaks https alone`);
  return origin;
}

/**
 * The package's own build.js with this relay in it, as `cargo xtask miniprogram --relay` writes it.
 * @param {string} relay
 */
function buildFile(relay) {
  const file = path.join(APP, "build.js");
  if (!fs.existsSync(file)) throw new Error("miniprogram/build.js is missing: run `cargo xtask miniprogram` first");
  return `module.exports = ${JSON.stringify({ ...require(file), relay })};\n`;
}

/** @param {string} url */
function open(url) {
  const [command, ...rest] = { darwin: ["open"], win32: ["cmd", "/c", "start", ""] }[/** @type {string} */ (process.platform)] || ["xdg-open"];
  const program = spawn(command, [...rest, url], { stdio: "ignore", detached: true });
  program.on("error", () => console.error(`cannot open a browser; open ${url} yourself`));
  program.unref();
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
