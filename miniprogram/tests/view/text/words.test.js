// @ts-check
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");
const fc = require("fast-check");
const { chooseLanguage, translator } = require("../../../i18n/index.js");
const zh = require("../../../i18n/zh.js");
const { sizeText } = require("../../../view/text/bytes.js");
const { fit } = require("../../../view/picture/fit.js");
const { barLength, percent } = require("../../../view/text/percent.js");
const { codeOf, problemLine } = require("../../../view/text/problem.js");
const { modelStateLine } = require("../../../view/settings/settings.js");
const { contextOf } = require("../world/world.js");

test("a percentage never claims certainty, and is whole otherwise", () => {
  assert.deepEqual([0, 0.004, 0.01, 0.125, 0.5, 0.985, 0.99, 0.995, 1].map(percent), ["<1%", "<1%", "1%", "13%", "50%", "99%", "99%", ">99%", ">99%"]);
  fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (p) => {
    assert.match(percent(p), /^(<1|>99|[1-9]\d?)%$/);
    assert.ok(barLength(p) >= 1 && barLength(p) <= 100);
  }));
});

test("one is singular, none and many are plural", () => {
  const t = translator("en");
  assert.deepEqual([0, 1, 2].map((n) => t("history.photos", { n })), ["0 photos", "1 photo", "2 photos"]);
});

test("the phone's language is taken unless another is set; what is not Chinese is English", () => {
  assert.deepEqual(["zh_CN", "zh_TW", "en", "fr_FR"].map((system) => chooseLanguage("system", system)), ["zh", "zh", "en", "en"]);
  assert.equal(chooseLanguage("zh", "en"), "zh");
});

test("an unknown key is returned as is", () => {
  assert.equal(translator("zh")("nowhere.atAll"), "nowhere.atAll");
});

test("every code that the model's package can give has a line", () => {
  const types = fs.readFileSync(path.join(__dirname, "../../../../wasm/npm/index.d.ts"), "utf8");
  const codes = [...types.slice(types.indexOf("code:")).matchAll(/\| "(\w+)"/g)].map(([, code]) => code);
  assert.ok(codes.length > 10);
  assert.deepEqual(codes.filter((code) => !(code in zh.problem)), []);
});

test("a failure without a known code has a line too, with its message for the developer", () => {
  assert.equal(problemLine("never_heard_of", contextOf()), zh.problem.unknown);
  assert.equal(problemLine("toString", contextOf()), zh.problem.unknown);
  assert.deepEqual(codeOf(Object.assign(new Error("why"), { code: "too_slow" })), { code: "too_slow", detail: "why" });
  assert.deepEqual(codeOf(null), { code: "unknown", detail: null });
  assert.deepEqual(codeOf("oh"), { code: "unknown", detail: null });
});

test("sizes are human-readable", () => {
  assert.deepEqual([0, 1, 640000, 12345678].map(sizeText), ["0 KB", "1 KB", "640 KB", "12.3 MB"]);
});

test("a picture fits its box, keeps its shape, and touches an edge", () => {
  const side = fc.integer({ min: 1, max: 5000 });
  fc.assert(fc.property(side, side, (width, height) => {
    const size = fit({ width, height }, { width: 100, height: 75 });
    assert.ok(size.width <= 100 && size.height <= 75);
    assert.ok(size.width === 100 || size.height === 75);
    assert.ok(Math.abs(size.width * height - size.height * width) <= 0.06 * (width + height));
  }));
  assert.deepEqual(fit({ width: 0, height: 0 }, { width: 100, height: 75 }), { width: 100, height: 75 });
});

test("the model's state is shown as text, a failure with its reason", () => {
  const line = (/** @type {string} */ status, /** @type {string | null} */ reason) =>
    modelStateLine({ status, reason }, contextOf(), (code) => problemLine(code, contextOf()));
  assert.equal(line("ready", null), "可以使用");
  assert.equal(line("resting", null), "用到时启动");
  assert.match(line("failed", "too_slow"), /等得太久/);
});
