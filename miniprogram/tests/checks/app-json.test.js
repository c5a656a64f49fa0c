"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");

const { APP, files, text } = require("./tree/tree");

const app = JSON.parse(text("app.json"));
const theme = JSON.parse(text(app.themeLocation));
const project = JSON.parse(text("project.config.json"));

/** WeChat's limit for a tab's picture, in bytes. */
const ICON = 40 * 1024;

/** @param {string} value @returns {string[]} what it is in each theme */
const themed = (value) => (value.startsWith("@") ? [theme.light, theme.dark].map((colours) => colours[value.slice(1)]) : [value]);

test("every page is there, whole, and the first one is in the tab bar", () => {
  for (const page of app.pages) {
    for (const suffix of ["js", "json", "wxml", "wxss"]) assert.ok(files().includes(`${page}.${suffix}`), `${page}.${suffix}`);
  }
  assert.equal(app.tabBar.list[0].pagePath, app.pages[0]);
  for (const { pagePath } of app.tabBar.list) assert.ok(app.pages.includes(pagePath), pagePath);
});

test("every folder of pages/ is a page of app.json", () => {
  const pages = files(/^pages\/.*\.wxml$/).map((file) => file.replace(/\.wxml$/, ""));
  assert.deepEqual(pages, [...app.pages].sort());
});

test("the tab bar's pictures are there in both themes, square and light enough", () => {
  for (const { iconPath, selectedIconPath } of app.tabBar.list) {
    for (const icon of [...themed(iconPath), ...themed(selectedIconPath)]) {
      const bytes = fs.readFileSync(path.join(APP, icon));
      assert.equal(bytes.toString("latin1", 1, 4), "PNG", icon);
      assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [81, 81], icon);
      assert.ok(bytes.length <= ICON, `${icon} has ${bytes.length} bytes`);
    }
  }
});

test("both themes name the same, and what is named is there", () => {
  assert.deepEqual(Object.keys(theme.dark).sort(), Object.keys(theme.light).sort());
  for (const [, name] of JSON.stringify(app).matchAll(/"@(\w+)"/g)) assert.ok(name in theme.light, `@${name}`);
});

test("the worker's folder holds scripts alone, as WeChat packs no others from it", () => {
  assert.deepEqual(files(new RegExp(`^${app.workers}/`)).filter((file) => !file.endsWith(".js")), []);
  assert.ok(files().includes(`${app.workers}/index.js`));
});

test("the settings that tests rely on are the ones that ship", () => {
  assert.equal(app.componentFramework, "glass-easel");
  assert.equal(app.glassEaselWebview, true, "or WeChat decides phone by phone");
  for (const page of app.pages) {
    const own = JSON.parse(text(`${page}.json`));
    assert.deepEqual([own.componentFramework, own.glassEaselWebview], ["glass-easel", true], `${page}: phones do not take it from app.json alone`);
  }
  assert.equal(app.lazyCodeLoading, "requiredComponents");
  assert.equal(app.__usePrivacyCheck__, true);
  assert.equal(app.darkmode, true);
  assert.equal(app.requiredPrivateInfos, undefined, "no location");
  assert.equal(project.appid, "touristappid");
});
