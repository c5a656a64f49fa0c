"use strict";
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const zlib = require("node:zlib");

const { picture } = require("../../model/world/picture");

const APP = path.join(__dirname, "..", "..", "..");

/** Photos of real leaves; they are in no repository. */
const DATA = process.env.MANGO_DATA || path.join(APP, "..", "..", "shared", "data");

/** Numbers of drawn leaves that are looked at. */
const DRAWN = 24;

/** Every how many of the real ones is looked at. */
const STEP = 60;

/** @typedef {"confident" | "unsure" | "not_mango_leaf"} Verdict */

/** The phone's own model, here: the photos that a test needs are those of which it says so. */
async function openModel() {
  const read = (/** @type {string} */ file) => zlib.brotliDecompressSync(fs.readFileSync(path.join(APP, file)));
  const global = /** @type {any} */ (globalThis);
  global.WXWebAssembly = {
    instantiate: async (/** @type {string} */ file, /** @type {WebAssembly.Imports} */ imports) => WebAssembly.instantiate(read(file), imports),
  };
  const { Scout, init } = require(path.join(APP, "worker/scout.js"));
  await init("model/mango.wasm.br");
  const scout = new Scout(read("model/leaf-mini.json.br"), read("model/leaf-mini.br"), read("model/mango-pests.br"));
  scout.useCatalog(read("model/catalog.json.br"));
  return scout;
}

/** Photos by what the phone's model says of them. */
class Photos {
  constructor() {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), "mango-photos-"));
    /** @type {any} */
    this.scout = null;
    /** @type {{ file: string, verdict: Verdict }[]} */
    this.all = [];
  }

  async open() {
    this.scout = await openModel();
    this.all = Array.from({ length: DRAWN }, (_, seed) => {
      const file = path.join(this.folder, `leaf-${seed}.png`);
      fs.writeFileSync(file, picture(seed));
      return { file, verdict: this.scout.predict(fs.readFileSync(file)).verdict };
    });
  }

  /** @param {Verdict} verdict @param {number} [count] */
  drawn(verdict, count = 1) {
    const found = this.all.filter((photo) => photo.verdict === verdict).map(({ file }) => file);
    if (found.length < count) throw new Error(`of ${DRAWN} drawn leaves ${found.length} are ${verdict}; draw more`);
    return found.slice(0, count);
  }

  /** @param {Verdict} verdict @returns {{ file: string, classId: string } | null} */
  real(verdict) {
    for (const file of realLeaves()) {
      const { verdict: said, classes } = this.scout.predict(fs.readFileSync(file));
      if (said === verdict) return { file, classId: classes[0].id };
    }
    return null;
  }

  close() {
    this.scout?.free();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Those that the model was not trained on. */
function realLeaves() {
  const table = path.join(DATA, "mangoleafbd.tsv");
  if (!fs.existsSync(table)) return [];
  const rows = fs.readFileSync(table, "utf8").trim().split("\n").slice(1).map((row) => row.split("\t"));
  const held = rows.filter(([, , , , split]) => split !== "train").map(([file]) => path.join(DATA, file));
  return held.filter((_, index) => index % STEP === 0);
}

module.exports = { DATA, Photos };
