"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { relayFailure } = require("../../../scanner/relay/failure.js");

/** @type {[{ errno?: number, errMsg: string }, string, boolean][]} */
const wechat = [
  [{ errno: 600001, errMsg: "uploadFile:fail errcode:-202 cronet_error_code:-202 net::ERR_CERT_AUTHORITY_INVALID" }, "relay_certificate", true],
  [{ errno: 600001, errMsg: "request:fail -200:net::ERR_CERT_COMMON_NAME_INVALID" }, "relay_certificate", true],
  [{ errno: 600001, errMsg: "request:fail errcode:-107 net::ERR_SSL_PROTOCOL_ERROR" }, "relay_certificate", true],
  [{ errMsg: "request:fail ssl hand shake error" }, "relay_certificate", true],
  [{ errno: 600001, errMsg: "request:fail errcode:-102 net::ERR_CONNECTION_REFUSED" }, "relay_unreachable", true],
  [{ errno: 600001, errMsg: "request:fail errcode:-118 net::ERR_CONNECTION_TIMED_OUT" }, "too_slow", true],
  [{ errno: 600002, errMsg: "request:fail url not in domain list" }, "relay_domain", false],
  [{ errMsg: "uploadFile:fail url not in domain list" }, "relay_domain", false],
  [{ errno: 600003, errMsg: "uploadFile:fail interrupted" }, "relay_interrupted", true],
  [{ errno: 600009, errMsg: "request:fail invalid url" }, "relay_address", false],
  [{ errno: 112, errMsg: "chooseMedia:fail api scope is not declared in the privacy agreement" }, "privacy_undeclared", false],
  [{ errno: 5, errMsg: "request:fail timeout" }, "too_slow", true],
  [{ errMsg: "request:fail timeout" }, "too_slow", true],
  [{ errMsg: "uploadFile:fail abort" }, "cancelled", false],
  [{ errMsg: "request:fail " }, "relay_unreachable", true],
];

for (const [what, code, retry] of wechat) {
  test(`${what.errno || ""} ${what.errMsg}`, () => {
    const failure = relayFailure(what);
    assert.equal(failure.code, code);
    assert.equal(failure.retry, retry);
    assert.ok(failure instanceof Error && failure.detail.includes(what.errMsg));
  });
}

/** @type {[number, string, boolean][]} */
const statuses = [
  [301, "relay_broken", true],
  [400, "relay_refused", false],
  [404, "relay_refused", false],
  [408, "too_slow", true],
  [413, "relay_refused", false],
  [429, "relay_busy", true],
  [500, "relay_broken", true],
  [502, "relay_broken", true],
  [503, "relay_busy", true],
];

for (const [status, code, retry] of statuses) {
  test(`status ${status}`, () => {
    const failure = relayFailure({ status, headers: {}, body: "<html>" });
    assert.deepEqual([failure.code, failure.retry, failure.retryAfter], [code, retry, null]);
  });
}

test("Retry-After of a busy relay is read as seconds or as a date", () => {
  const after = (/** @type {Record<string, string>} */ headers) => relayFailure({ status: 503, headers }).retryAfter;
  assert.equal(after({ "retry-after": "2" }), 2000);
  const date = "Sun, 06 Nov 1994 08:49:37 GMT";
  assert.equal(after({ "retry-after": "Sun, 06 Nov 1994 08:50:07 GMT", date }), 30000);
  assert.equal(after({ "retry-after": "Sun, 06 Nov 1994 08:50:07 GMT" }), null);
  assert.equal(after({ "retry-after": "soon" }), null);
  assert.equal(after({ "retry-after": "-5" }), null);
});

test("a problem gives the photo's fault and index", () => {
  const body = JSON.stringify({ type: "urn:mango-scout:problem:photo-cut-off", detail: "it ends early", photo: 2 });
  const failure = relayFailure({ status: 422, headers: {}, body });
  assert.deepEqual([failure.code, failure.retry, failure.photo], ["photo_cut_off", false, 2]);
  assert.equal(failure.detail, "HTTP 422: it ends early");
});

test("a problem's detail is kept for every code", () => {
  const failure = relayFailure({ status: 413, headers: {}, body: JSON.stringify({ type: "urn:x", detail: "at most 8 MiB" }) });
  assert.deepEqual([failure.code, failure.detail, failure.photo], ["relay_refused", "HTTP 413: at most 8 MiB", null]);
  assert.equal(relayFailure({ status: 400, headers: {}, body: "null" }).detail, "HTTP 400");
});
