"use strict";
const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const { test } = require("node:test");
const { TABLE, next, isOpen } = require("../../../scanner/scans/states.js");

const STATES = ["predicting", "waiting", "asking", "answered", "refused"];

test("the table in the comment equals the code", () => {
  const source = readFileSync(require.resolve("../../../scanner/scans/states.js"), "utf8");
  const rows = Array.from(source.matchAll(/^ \* \| .+? \| (\w+) +\| ([\w(), ]+?) +\| (\w+) +\|$/gm)).filter((row) => row[1] !== "event");
  const written = rows.flatMap(([, event, from, to]) => from.split(", ").map((state) => `${state.replace(/[()]/g, "")} ${event} ${to}`));
  const real = Object.entries(TABLE).flatMap(([from, ways]) => Object.entries(ways).map(([event, to]) => `${from} ${event} ${to}`));
  assert.deepEqual(written.sort(), real.sort());
});

test("every state can be reached, and none can be left for one that is not there", () => {
  const reached = new Set();
  const visit = (/** @type {string} */ state) => {
    if (reached.has(state)) return;
    reached.add(state);
    Object.values(TABLE[/** @type {keyof typeof TABLE} */ (state)]).forEach(visit);
  };
  visit("new");
  assert.deepEqual(Array.from(reached).sort(), ["new", ...STATES].sort());
});

test("every open state has a way to an end, and no end is open", () => {
  for (const state of STATES) {
    const ends = Object.values(TABLE[/** @type {ScanState} */ (state)]).filter((to) => !isOpen(to));
    assert.equal(isOpen(/** @type {ScanState} */ (state)), ends.length > 0, state);
  }
});

test("a transition that is not in the table is refused", () => {
  assert.equal(next("asking", "relay_answers"), "answered");
  assert.throws(() => next("answered", "relay_answers"), /has no transition "relay_answers"/);
  assert.throws(() => next("waiting", "no_such_event"), /scans\/states\.js/);
});
