"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const fc = require("fast-check");
const { backoff, untilDue } = require("../../../scanner/outbox/retry.js");

test("waits double from 5 s to 10 min", () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((attempts) => backoff(attempts, 0) / 1000);
  assert.deepEqual(waits, [5, 10, 20, 40, 80, 160, 320, 600, 600]);
});

test("waits differ from phone to phone, and stay within their bounds", () => {
  assert.notEqual(backoff(3, 0.2), backoff(3, 0.7));
  const random = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.nat(), random, (attempts, share) => {
      const wait = backoff(attempts, share);
      assert.ok(wait >= 5000 && wait <= 600000, String(wait));
    }),
  );
});

test("Retry-After is obeyed up to an hour", () => {
  assert.equal(backoff(1, 0, 30000), 30000);
  assert.equal(backoff(1, 0, 1000), 5000);
  assert.equal(backoff(1, 0, 1e12), 3600000);
});

test("a moment that is due needs no wait, nor does one that a clock set back put far off", () => {
  assert.equal(untilDue(1000, 4000), 0);
  assert.equal(untilDue(4000, 1000), 3000);
  assert.equal(untilDue(1e13, 1000), 0);
});
