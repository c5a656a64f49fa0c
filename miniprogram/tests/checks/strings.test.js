"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");

const { APP, files, text } = require("./tree/tree");

/** @type {Record<string, Record<string, string | string[]>>} */
const zh = require("../../i18n/zh.js");
/** @type {typeof zh} */
const en = require("../../i18n/en.js");

/** @param {typeof zh} dictionary */
const keysOf = (dictionary) => Object.entries(dictionary).flatMap(([section, texts]) => Object.keys(texts).map((name) => `${section}.${name}`));

const keys = keysOf(zh);

/** @param {string | string[]} value */
const placesOf = (value) => [...new Set([...String(value).matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort();

/** Every place of the tree that may name a key. */
const sources = files(/\.(js|wxml)$/)
  .filter((file) => !/^(i18n\/(shared\/)?(zh|en)|worker\/scout)\.js$/.test(file))
  .map((file) => ({ file, code: text(file) }));

test("both languages have the same texts with the same places", () => {
  assert.deepEqual(keysOf(en).sort(), [...keys].sort());
  for (const key of keys) {
    const [section, name] = key.split(".");
    const [ours, theirs] = [zh[section][name], en[section][name]];
    assert.equal(Array.isArray(ours), Array.isArray(theirs), key);
    assert.deepEqual(placesOf(theirs), placesOf(ours), key);
    assert.ok(ours.length > 0 && theirs.length > 0, `${key} is empty`);
  }
});

test("every text that is asked for is there", () => {
  const sections = Object.keys(zh).join("|");
  const missing = sources.flatMap(({ file, code }) => {
    const pattern = file.endsWith(".wxml") ? new RegExp(`\\bt\\.((?:${sections})\\.\\w+)`, "g") : /\b(?:t|lines)\([^)"'`]*"(\w+\.\w+)"/g;
    return [...code.matchAll(pattern)].map(([, key]) => key).filter((key) => !keys.includes(key)).map((key) => `${file}: ${key}`);
  });
  assert.deepEqual(missing, []);
});

test("a section that a template names is one that there is", () => {
  const missing = sources.filter(({ file }) => file.endsWith(".wxml")).flatMap(({ file, code }) =>
    [...code.matchAll(/[^\w.]t\.(\w+)\.\w+/g)].map(([, section]) => section).filter((section) => !(section in zh)).map((section) => `${file}: ${section}`));
  assert.deepEqual(missing, []);
});

test("every text is asked for somewhere", () => {
  const all = sources.map(({ code }) => code).join("\n");
  // A key that is put together, such as t(`problem.${code}`), asks for every text that it may become.
  const patterns = [...all.matchAll(/`([^`\n]*\.[^`\n]*\$\{[^`\n]*|[^`\n]*\$\{[^`\n]*\}\.[^`\n]*)`/g)]
    .map(([, template]) => template.split(/\$\{[^}]*\}/).map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\w+"))
    .filter((pattern) => /^\w+\\\.|^\\w\+\\\./.test(pattern))
    .map((pattern) => new RegExp(`^${pattern}$`));
  const unused = keys.filter((key) => {
    const [section, name] = key.split(".");
    const named = new RegExp(`["'\`.]${section}\\.${name}\\b|\\b${section}\\.${name}\\b`);
    return !named.test(all) && !patterns.some((pattern) => pattern.test(key));
  });
  assert.deepEqual(unused, []);
});

test("button texts of WeChat's dialogs are short enough to open", () => {
  const asked = sources.flatMap(({ code }) => [...code.matchAll(/\b(?:yes|no): t\("(\w+)\.(\w+)"\)/g)].map(([, section, name]) => [section, name]));
  assert.ok(asked.length >= 10, "the dialogs are written in another way than this test reads");
  // Four characters, whatever the script.
  const long = asked.flatMap(([section, name]) => [zh, en].map((words) => words[section][name])).filter((word) => Array.from(word).length > 4);
  assert.deepEqual(long, []);
});

test("every code of phone, relay and scanner has a line that says what to do", () => {
  const declared = sources.flatMap(({ code }) => [...code.matchAll(/\bfailure\(\s*"([a-z_]+)"|\brefusal\(\w+, "([a-z_]+)"/g)].map(([, own, ofWeChat]) => own || ofWeChat));
  const engine = fs.readFileSync(path.join(APP, "..", "wasm", "npm", "index.d.ts"), "utf8").split("interface ScoutError")[1];
  const ofEngine = [...engine.matchAll(/\| "(\w+)"/g)].map(([, code]) => code);
  const [, codes] = /WHAT_TO_DO = \{(.*?)\n\}/s.exec(text("scanner/relay/failure.js")) || ["", ""];
  const ofRelay = [...codes.matchAll(/^ {2}(\w+):/gm)].map(([, code]) => code);
  assert.ok(declared.length > 10 && ofEngine.length > 10 && ofRelay.length > 5, "the codes are written in another way than this test reads");
  const missing = [...new Set([...declared, ...ofEngine, ...ofRelay])].filter((code) => !("problem" in zh) || !(code in zh.problem));
  assert.deepEqual(missing, []);
});
