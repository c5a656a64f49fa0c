"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { csv } = require("../../scanner/csv.js");
const { newScan } = require("../../scanner/record.js");

/** @type {Shown} */
const shown = {
  source: "phone",
  prediction: {
    model: { name: "leaf-mini", version: "0.1.0" },
    verdict: "confident",
    classes: [{ id: "anthracnose", probability: 0.98765, basis: "trained" }],
  },
};
const taken = newScan("001777593600000-abcdef", "waiting", ["a", "b"]);
const answered = { ...taken, state: /** @type {ScanState} */ ("answered"), shown };

/** @param {Scan[]} scans @param {string} [name] */
const lines = (scans, name = "炭疽病") => csv(scans, { name: (id, language) => (language === "zh" ? name : id) }).split("\r\n");

test("a row says when, what, how sure, and by whom", () => {
  const [, row, end] = lines([answered]);
  const date = new Date(taken.takenAt);
  assert.match(row, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,answered,phone,confident,anthracnose,炭疽病,0\.988,2,leaf-mini 0\.1\.0,$/);
  assert.ok(row.startsWith(`${date.getFullYear()}-0`), "local time");
  assert.equal(end, "");
});

test("it begins with a byte order mark, and every row is as long as the head", () => {
  const [head, ...rows] = lines([answered, { ...taken, problem: "offline" }]);
  assert.ok(head.startsWith("\ufeff时间 time,"));
  assert.ok(rows[1].endsWith(",2,,offline"));
  for (const row of rows.slice(0, 2)) assert.equal(row.split(",").length, head.split(",").length);
});

test("commas, quotes and line breaks stay within their cell", () => {
  assert.ok(lines([answered], 'a "big", red\none')[1].includes(',"a ""big"", red\none",'));
});

test("a label is no formula", () => {
  assert.ok(lines([answered], "=1+1")[1].includes(",'=1+1,"));
});
