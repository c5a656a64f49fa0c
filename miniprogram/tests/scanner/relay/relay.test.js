"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { createSignal } = require("../../../scanner/basics/signal.js");
const { createRelay } = require("../../../scanner/relay/relay.js");
const { parts } = require("../world/multipart.js");

const prediction = {
  model: { name: "leaf-lite0", version: "0.2.0" },
  verdict: "confident",
  classes: [{ id: "anthracnose", probability: 0.97, basis: "trained" }],
};

/**
 * A relay that was given these answers, and what it was asked.
 * @param {Partial<HttpAnswer>[]} answers
 */
function relayThatSays(...answers) {
  /** @type {any[]} */
  const asked = [];
  const answer = (/** @type {any} */ request) => {
    asked.push(request);
    return Promise.resolve({ status: 200, headers: {}, body: "", ...answers[asked.length - 1] });
  };
  return { relay: createRelay({ http: { upload: answer, request: answer }, address: () => "https://relay.example" }), asked };
}

/** @param {string} code */
const withCode = (code) => (/** @type {any} */ error) => error.code === code;

const noBytes = () => Promise.reject(new Error("one photo goes by its path"));

test("one photo is uploaded as a file, with its heat map", async () => {
  const { relay, asked } = relayThatSays({ body: JSON.stringify(prediction) });
  assert.deepEqual(await relay.predict(["wxfile://usr/0.jpg"], noBytes), prediction);
  const [{ url, file, name, timeout }] = asked;
  assert.deepEqual([url, file, name], ["https://relay.example/upload_image?explain=1", "wxfile://usr/0.jpg", "picture"]);
  assert.ok(timeout <= 60000);
});

test("several go in one body, and their common answer comes back", async () => {
  const { relay, asked } = relayThatSays({ body: JSON.stringify({ pooled: prediction, photos: [prediction, prediction] }) });
  const bytes = async () => [Uint8Array.of(1).buffer, Uint8Array.of(2, 3).buffer];
  assert.deepEqual(await relay.predict(["a", "b"], bytes), prediction);
  const [{ url, method, headers, body }] = asked;
  assert.deepEqual([url, method], ["https://relay.example/v1/predict", "POST"]);
  const sent = parts(headers["content-type"], body);
  assert.deepEqual(sent.map(({ name, content }) => [name, ...content]), [["photo", 1], ["photo", 2, 3]]);
});

test("what was cancelled while the photos were read is not sent", async () => {
  const { relay, asked } = relayThatSays();
  const { signal, abort } = createSignal();
  const bytes = async () => {
    abort();
    return [Uint8Array.of(1).buffer, Uint8Array.of(2).buffer];
  };
  await assert.rejects(relay.predict(["a", "b"], bytes, signal), withCode("cancelled"));
  assert.equal(asked.length, 0);
});

test("a Chinese model name is sent as UTF-8, at most 64 bytes of it", async () => {
  const { relay, asked } = relayThatSays({ status: 201, body: '{"code":"a","days":30}' }, { status: 201, body: '{"code":"a","days":30}' });
  await relay.sendFeedback(new ArrayBuffer(1), { ...FIELDS, model: "芒果叶片模型\n 0.2.0" }, "https://relay.example");
  await relay.sendFeedback(new ArrayBuffer(1), { ...FIELDS, model: "芒果叶片".repeat(10) }, "https://relay.example");
  const models = asked.map(({ headers, body }) => String(parts(headers["content-type"], body).filter(({ name }) => name === "model")[0].content));
  assert.deepEqual(models, ["芒果叶片模型 0.2.0", `${"芒果叶片".repeat(5)}芒`]);
});

for (const [name, answer, code] of /** @type {[string, Partial<HttpAnswer>, string][]} */ ([
  ["a page to log in", { body: "<html>" }, "relay_broken"],
  ["null", { body: "null" }, "relay_broken"],
  ["an answer without classes", { body: JSON.stringify({ ...prediction, classes: [] }) }, "relay_broken"],
  ["503", { status: 503 }, "relay_busy"],
  ["404 with a prediction in it", { status: 404, body: JSON.stringify(prediction) }, "relay_refused"],
  ["204", { status: 204 }, "relay_broken"],
])) {
  test(`${name} is no answer`, async () => {
    await assert.rejects(relayThatSays(answer).relay.predict(["a"], noBytes), withCode(code));
  });
}

test("an answer without a common prediction is rejected", async () => {
  const { relay } = relayThatSays({ body: JSON.stringify({ photos: [prediction] }) });
  await assert.rejects(relay.predict(["a", "b"], async () => []), withCode("relay_broken"));
});

test("a relay is recognised by its hello", async () => {
  const { relay, asked } = relayThatSays({ body: "hello\n" }, { body: "Welcome to nginx!" }, { status: 404 }, { body: "hello" });
  await relay.hello();
  await assert.rejects(relay.hello(), withCode("relay_broken"));
  await assert.rejects(relay.hello(), withCode("relay_refused"));
  await relay.hello("https://other.example");
  assert.deepEqual(asked.map(({ url }) => url), [...Array(3).fill("https://relay.example/"), "https://other.example/"]);
});

test("the device model is asked for by its ETag", async () => {
  const listing = { name: "leaf-mini" };
  const { relay, asked } = relayThatSays({ body: JSON.stringify(listing), headers: { etag: '"a"' } }, { status: 304 }, { status: 500 });
  assert.deepEqual(await relay.deviceModel(null), { changed: true, etag: '"a"', listing });
  assert.deepEqual(await relay.deviceModel('"a"'), { changed: false });
  await assert.rejects(relay.deviceModel('"a"'), withCode("relay_broken"));
  assert.deepEqual(asked.map(({ headers }) => headers), [{}, { "if-none-match": '"a"' }, { "if-none-match": '"a"' }]);
});

test("files come from this relay only, as bytes", async () => {
  const file = Uint8Array.of(1, 2).buffer;
  const { relay, asked } = relayThatSays({ body: file }, { body: "text" }, { status: 410, body: file });
  assert.equal(await relay.download("/v1/device-model/weights?v=1"), file);
  assert.equal(asked[0].url, "https://relay.example/v1/device-model/weights?v=1");
  assert.equal(asked[0].binary, true);
  await assert.rejects(relay.download("/x"), withCode("relay_broken"));
  await assert.rejects(relay.download("/x"), withCode("relay_refused"));
  for (const url of ["https://evil.example/w", "//evil.example/w", "weights", ""]) {
    await assert.rejects(relay.download(url), withCode("relay_broken"), url);
  }
  assert.equal(asked.length, 3);
});

const FIELDS = { label: "anthracnose", answer: "die_back", verdict: /** @type {const} */ ("unsure"), model: "leaf-mini 0.2.0" };

test("a relay says whether and for how long it keeps what growers send", async () => {
  const { relay, asked } = relayThatSays({ body: '{"days":365}' }, { status: 404 }, { body: '{"days":0}' }, { status: 503 });
  assert.equal(await relay.feedbackDays(), 365);
  assert.equal(await relay.feedbackDays(), null);
  await assert.rejects(relay.feedbackDays(), withCode("relay_broken"));
  await assert.rejects(relay.feedbackDays(), withCode("relay_busy"));
  assert.deepEqual(asked.map(({ url, method }) => [url, method]), Array(4).fill(["https://relay.example/v1/feedback", undefined]));
});

test("a photo is sent with the grower's label in one form and yields a code", async () => {
  const { relay, asked } = relayThatSays({ status: 201, body: '{"code":"a-B_9","days":30}' });
  assert.deepEqual(await relay.sendFeedback(Uint8Array.of(1, 2).buffer, FIELDS, "https://relay.example"), { code: "a-B_9", days: 30 });
  const [{ url, method, headers, body }] = asked;
  assert.deepEqual([url, method], ["https://relay.example/v1/feedback", "POST"]);
  const sent = parts(headers["content-type"], body).map(({ name, content }) => [name, name === "picture" ? [...content] : content.toString()]);
  assert.deepEqual(Object.fromEntries(sent), { ...FIELDS, picture: [1, 2] });
});

for (const [name, answer, code] of /** @type {[string, Partial<HttpAnswer>, string][]} */ ([
  ["no code", { status: 201, body: '{"days":30}' }, "relay_broken"],
  ["a code that is a path", { status: 201, body: '{"code":"../v1","days":30}' }, "relay_broken"],
  ["200", { status: 200, body: '{"code":"a","days":30}' }, "relay_broken"],
  ["404", { status: 404 }, "relay_refused"],
  ["a photo that it cannot read", { status: 422, body: '{"type":"urn:mango-scout:problem:photo-damaged"}' }, "photo_damaged"],
])) {
  test(`${name} is no receipt`, async () => {
    await assert.rejects(relayThatSays(answer).relay.sendFeedback(new ArrayBuffer(1), FIELDS, "https://relay.example"), withCode(code));
  });
}

/** @param {number} status @param {string} type @returns {Partial<HttpAnswer>} */
const problem = (status, type) => ({ status, body: JSON.stringify({ type: `urn:mango-scout:problem:${type}` }) });

test("what the relay itself refuses was not kept, unless it failed on the way; an answer from elsewhere proves nothing", async () => {
  const cases = /** @type {[Partial<HttpAnswer>, string, boolean | undefined][]} */ ([
    [problem(507, "feedback-full"), "feedback_full", false], [problem(404, "feedback-off"), "feedback_closed", false], [problem(422, "bad-feedback"), "relay_refused", false],
    [problem(503, "overloaded"), "relay_busy", false], [problem(429, "rate-limited"), "relay_busy", false],
    [problem(503, "stopping"), "relay_busy", true], [problem(408, "timed-out"), "too_slow", true], [problem(500, "internal"), "relay_broken", true],
    [{ status: 502, body: "<html>" }, "relay_broken", undefined],
  ]);
  for (const [answer, code, mayBeKept] of cases) {
    await assert.rejects(relayThatSays(answer).relay.sendFeedback(new ArrayBuffer(1), FIELDS, "https://relay.example"), (error) => error.code === code && error.mayBeKept === mayBeKept);
  }
});

test("what was sent is deleted where it went; only a relay that looked for it can say that it is not there", async () => {
  const { relay, asked } = relayThatSays({ status: 204 }, problem(404, "unknown-code"), problem(404, "feedback-off"), problem(404, "unknown-path"), { status: 404 }, { status: 500 });
  const forget = () => relay.deleteFeedback("abc", "https://old.example");
  await forget();
  await forget();
  await assert.rejects(forget(), withCode("feedback_closed"));
  await assert.rejects(forget(), withCode("relay_refused"));
  await assert.rejects(forget(), withCode("relay_refused"));
  await assert.rejects(forget(), withCode("relay_broken"));
  assert.deepEqual([...new Set(asked.map(({ url, method }) => `${method} ${url}`))], ["DELETE https://old.example/v1/feedback/abc"]);
});

test("without an address no request is sent", async () => {
  const relay = createRelay({ http: { upload: () => assert.fail(), request: () => assert.fail() }, address: () => "" });
  for (const ask of [() => relay.predict(["a"], noBytes), () => relay.deviceModel(), () => relay.download("/v1/x"), () => relay.hello(), () => relay.feedbackDays()]) {
    await assert.rejects(ask(), { code: "no_relay" });
  }
});
