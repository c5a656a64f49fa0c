"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");

const { createHttp } = require("../../platform/http.js");
const { createSignal } = require("../../scanner/basics/signal.js");

/** @param {(options: any) => void} act is given what WeChat is */
function fake(act) {
  const seen = { aborted: 0, options: null };
  const start = (options) => {
    seen.options = options;
    let listener = () => {};
    setImmediate(() => act(options, listener));
    return { abort: () => void (seen.aborted += 1), onHeadersReceived: (heard) => void (listener = heard) };
  };
  return { seen, http: createHttp({ uploadFile: start, request: start }) };
}

test("an upload sends the file, and every status is an answer", async () => {
  const { http, seen } = fake(({ success }, headers) => {
    headers({ header: { "Retry-After": 7 } });
    success({ statusCode: 503, data: "busy" });
  });
  const answer = await http.upload({ url: "https://r/upload_image", file: "wxfile://usr/a.jpg", name: "picture", timeout: 60000 });
  assert.deepEqual(answer, { status: 503, headers: { "retry-after": "7" }, body: "busy" });
  const { url, filePath, name, timeout } = seen.options;
  assert.deepEqual([url, filePath, name, timeout], ["https://r/upload_image", "wxfile://usr/a.jpg", "picture", 60000]);
});

test("a request sends bytes and asks for what comes as it is", async () => {
  const body = new ArrayBuffer(3);
  const { http, seen } = fake(({ success }) => success({ statusCode: 200, header: { ETag: '"a"' }, data: "{}" }));
  const answer = await http.request({ url: "https://r/v1/predict", method: "POST", headers: { "content-type": "x" }, body, timeout: 10 });
  assert.deepEqual(answer, { status: 200, headers: { etag: '"a"' }, body: "{}" });
  const { method, header, data, dataType, responseType } = seen.options;
  assert.deepEqual([method, header, data, responseType], ["POST", { "content-type": "x" }, body, "text"]);
  assert.notEqual(dataType, "json", "or WeChat parses it");
  await http.request({ url: "https://r/", binary: true, timeout: 10 });
  assert.deepEqual([seen.options.method, seen.options.responseType], ["GET", "arraybuffer"]);
});

test("WeChat's errors come with the codes of RelayFailure", async () => {
  for (const [reason, code] of /** @type {const} */ ([
    [{ errno: 600001, errMsg: "uploadFile:fail errcode:-202 cronet_error_code:-202 error_msg:net::ERR_CERT_AUTHORITY_INVALID" }, "relay_certificate"],
    [{ errno: 600002, errMsg: "url not in domain list" }, "relay_domain"],
    [{ errno: 600003, errMsg: "fail interrupted" }, "relay_interrupted"],
    [{ errno: 600009, errMsg: "invalid URL" }, "relay_address"],
    [{ errno: 112, errMsg: "api scope is not declared in the privacy agreement" }, "privacy_undeclared"],
    [{ errMsg: "request:fail timeout" }, "too_slow"],
  ])) {
    const { http } = fake(({ fail }) => fail(reason));
    await assert.rejects(http.upload({ url: "https://r", file: "f", name: "n", timeout: 1 }), (/** @type {any} */ error) => error.code === code && "retry" in error);
    await assert.rejects(http.request({ url: "https://r", timeout: 1 }), { code });
  }
});

test("what is cancelled ends at once, and what was cancelled before is not sent", async () => {
  const { http, seen } = fake(() => {});
  const { signal, abort } = createSignal();
  const answer = http.upload({ url: "https://r", file: "f", name: "n", timeout: 1, signal });
  abort();
  await assert.rejects(answer, { code: "cancelled" });
  assert.equal(seen.aborted, 1);
  seen.options = null;
  await assert.rejects(http.request({ url: "https://r", timeout: 1, signal }), { code: "cancelled" });
  assert.equal(seen.options, null);
});

test("without a task there is nothing to abort, and the answer comes all the same", async () => {
  const start = (/** @type {any} */ { success }) => void setImmediate(() => success({ statusCode: 200, data: "{}", header: {} }));
  const http = createHttp({ uploadFile: start, request: start });
  const { signal, abort } = createSignal();
  assert.deepEqual(await http.upload({ url: "https://r", file: "f", name: "n", timeout: 1, signal }), { status: 200, headers: {}, body: "{}" });
  const request = http.request({ url: "https://r", timeout: 1, signal });
  abort();
  await assert.rejects(request, { code: "cancelled" });
});
