"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");

const { build } = require("../harness/build");
const { APP, files, text } = require("./tree/tree");

test("WeChat's compiler takes every page and component without a warning", () => {
  assert.deepEqual(build(APP).problems, []);
});

test("an unclosed tag, a missing component and a tag's style in a component are reported", () => {
  const { problems } = build(APP, {
    replace: {
      "pages/guide/guide.wxml": "<view><text></view>",
      "pages/detail/detail.json": JSON.stringify({ usingComponents: { gone: "/components/gone/gone" } }),
      "components/chip-tag/chip-tag.wxss": "view { color: red }",
    },
  });
  assert.match(problems.join("\n"), /pages\/guide\/guide\.wxml:1:\d+: .*end tag/);
  assert.match(problems.join("\n"), /pages\/detail\/detail\.json: usingComponents\.gone/);
  assert.match(problems.join("\n"), /chip-tag\.wxss:1: .*takes classes alone/);
});

test("every template and sheet belongs to a page or component that is used", () => {
  const { program } = build(APP);
  const used = new Set(Object.keys(/** @type {any} */ (program).configs));
  const parts = files(/^(pages|components)\/.*\.(wxml|wxss|json)$/).map((file) => file.replace(/\.\w+$/, ""));
  assert.deepEqual([...new Set(parts)].filter((part) => !used.has(part)), []);
});

test("every handler that a template names is a function of its page or component", () => {
  const missing = files(/\.wxml$/).flatMap((file) => {
    const script = text(file.replace(/wxml$/, "js")) + (file.startsWith("pages/") ? text("ui/page.js") : "");
    const names = [...text(file).matchAll(/\b(?:bind|catch|capture-bind|capture-catch):?[a-z]+="([A-Za-z]\w*)"/g)].map(([, name]) => name);
    return names.filter((name) => !new RegExp(`\\b${name}\\s*[(:,]`).test(script)).map((name) => `${file}: ${name}`);
  });
  assert.deepEqual(missing, []);
});

test("every class that a template names is in a style sheet", () => {
  const shared = classesOf(text("app.wxss"));
  const missing = files(/^(pages|components)\/.*\.wxml$/).flatMap((file) => {
    const sheet = file.replace(/wxml$/, "wxss");
    const own = files().includes(sheet) ? classesOf(text(sheet)) : new Set();
    const reach = file.startsWith("pages/") ? new Set([...shared, ...own]) : own;
    const names = [...text(file).matchAll(/\b(?:hover-)?class="([^"{]*)"/g)].flatMap(([, names]) => names.split(/\s+/).filter(Boolean));
    return names.filter((name) => name !== "none" && !reach.has(name)).map((name) => `${file}: .${name}`);
  });
  assert.deepEqual([...new Set(missing)], []);
});

/** @param {string} sheet */
function classesOf(sheet) {
  return new Set([...sheet.matchAll(/\.([a-zA-Z][\w-]*)/g)].map(([, name]) => name));
}
