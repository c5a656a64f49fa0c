"use strict";
const assert = require("node:assert/strict");
const path = require("node:path");
const { test } = require("node:test");

const { files, text } = require("./tree/tree");

/** The scanner's files and folders in dependency order: each may import only from later ones. */
const FOLDERS = [
  "scanner.js", "outbox", "feedback", "scans", "phone/phone.js", "phone/update", "phone/orchard", "phone/model", "settings.js", "relay", "answer", "basics",
].map((folder) => `scanner/${folder}`);

/** @param {string} file */
const folderOf = (file) => FOLDERS.findIndex((folder) => file === folder || file.startsWith(`${folder}/`));

const scanner = files(/^scanner\/.*\.js$/);

test("every file of the scanner is in a listed folder, and no listed folder is empty", () => {
  assert.deepEqual(scanner.filter((file) => folderOf(file) < 0), []);
  assert.deepEqual(FOLDERS.filter((folder, index) => !scanner.some((file) => folderOf(file) === index)), []);
});

test("folders of the scanner import only from later ones, types included", () => {
  const taken = scanner.flatMap((file) =>
    [...text(file).matchAll(/\b(?:require|import)\("(\.[^"]+)"\)/g)].map(([, target]) => ({ file, target: path.posix.join(path.posix.dirname(file), target) })));
  assert.ok(taken.length > 100, "this test does not recognise the import syntax");
  const wrong = taken.filter(({ file, target }) => folderOf(target) < folderOf(file));
  assert.deepEqual(wrong.map(({ file, target }) => `${file} takes ${target}`), []);
});
