"use strict";
const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { after, before, test } = require("node:test");

const { APP, files } = require("./tree/tree");

/** Bytes: the project's own limit for the main package, for which WeChat's is 2 MB, and for the sub-package. */
const BUDGET = 2_000_000;

/** The sub-package's folder. */
const SCALAR = "scalar/";

/** Suffixes that WeChat's packer keeps; it drops other files without a word. */
const KEPT = /\.(wxml|wxss|wxs|png|jpe?g|gif|svg|js|json|cer|mp3|aac|m4a|mp4|wav|ogg|silk|wasm|br|cur|ico|skel|crt|cert)$/;

/** Files that the packer reads and compiles into others. */
const READ = /^(project\.config\.json|sitemap\.json|theme\.json)$|\.(wxml|wxss|json|js)$/;

/** @type {string} */
let place;
/** @type {Map<string, number>} */
let compiled;

before(() => {
  place = fs.mkdtempSync(path.join(os.tmpdir(), "mango-package-"));
  const copy = path.join(place, "miniprogram");
  // The tests' own files come along, to see that they stay out; what they have installed is too much to copy.
  fs.cpSync(APP, copy, { recursive: true, filter: (file) => !["node_modules", "output"].includes(path.basename(file)) });
  const report = path.join(place, "report.json");
  // The tool leaves folders in the one it runs in.
  execFileSync(process.execPath, [path.join(__dirname, "tree", "compile.js"), copy, report], { cwd: place, stdio: ["ignore", "ignore", "inherit"], timeout: 300_000 });
  compiled = new Map(Object.entries(JSON.parse(fs.readFileSync(report, "utf8"))));
});

after(() => fs.rmSync(place, { recursive: true, force: true }));

test("WeChat's own compiler takes the packages, and each is light enough", (t) => {
  const sizes = [...compiled].sort(([, one], [, other]) => other - one);
  /** @param {string} name @param {number} size */
  const row = (name, size) => t.diagnostic(`${size.toLocaleString("en").padStart(9)}  ${name}`);
  for (const [name, inIt] of /** @type {[string, (file: string) => boolean][]} */ ([
    ["main package", (file) => !file.startsWith(SCALAR)],
    ["sub-package scalar", (file) => file.startsWith(SCALAR)],
  ])) {
    const own = sizes.filter(([file]) => inIt(file));
    const whole = own.reduce((sum, [, size]) => sum + size, 0);
    const [shown, rest] = [own.slice(0, 8), own.slice(8)];
    for (const [file, size] of shown) row(file, size);
    if (rest.length > 0) row(`${rest.length} more files`, rest.reduce((sum, [, size]) => sum + size, 0));
    row(`${name}, of ${BUDGET.toLocaleString("en")}`, whole);
    assert.ok(whole < BUDGET, `the ${name} has ${whole} bytes, ${whole - BUDGET} too many`);
  }
});

test("the sub-package holds the module for engines without SIMD, and nothing of it is in the main package", () => {
  assert.deepEqual([...compiled.keys()].filter((file) => file.startsWith(SCALAR)).sort(), ["scalar/index.js", "scalar/mango.wasm.br"]);
  const { subPackages } = JSON.parse(fs.readFileSync(path.join(APP, "app.json"), "utf8"));
  assert.deepEqual(subPackages, [{ root: "scalar", pages: [] }]);
});

test("the package has all required files", () => {
  const own = files();
  assert.deepEqual(own.filter((file) => !KEPT.test(file)), [], "the packer drops these");
  const asIs = own.filter((file) => !READ.test(file));
  assert.deepEqual(asIs.filter((file) => !compiled.has(file)), []);
  for (const file of asIs) assert.equal(compiled.get(file), fs.statSync(path.join(APP, file)).size, file);
  const scripts = own.filter((file) => file.endsWith(".js"));
  assert.deepEqual(scripts.filter((file) => !compiled.has(file)), []);
});

test("the package has no tests, types or documents", () => {
  assert.deepEqual([...compiled.keys()].filter((file) => /^(tests|types)\/|\.md$|\.d\.ts$|node_modules/.test(file)), []);
});
