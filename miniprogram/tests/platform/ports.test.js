"use strict";
const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");

const { createNetwork } = require("../../platform/network.js");
const { createPackages } = require("../../platform/packages.js");
const { createPictures } = require("../../platform/pictures.js");
const { createPrivacy } = require("../../platform/privacy.js");
const { createWorkers } = require("../../platform/workers.js");
const { packMessage } = require("../harness/runtime/sandbox/pack.js");
const { later } = require("./world/wx.js");

const turn = () => new Promise(setImmediate);

test("the network's state is WeChat's, and the newest word counts", async () => {
  let change = (/** @type {object} */ _) => {};
  let say = (/** @type {object} */ _) => {};
  const network = createNetwork({ onNetworkStatusChange: (listener) => void (change = listener), getNetworkType: ({ success }) => void (say = success) });
  /** @type {boolean[]} */
  const heard = [];
  const end = network.onChange((online) => heard.push(online));
  assert.equal(network.online(), true);
  say({ networkType: "none" });
  assert.equal(network.online(), false);
  change({ isConnected: true });
  change({ isConnected: true });
  say({ networkType: "none" });
  assert.deepEqual([network.online(), heard], [true, [false, true]]);
  end();
  change({ isConnected: false });
  assert.deepEqual([network.online(), heard.length], [false, 2]);
});

test("a new query finds unreported changes, Wi-Fi too", async () => {
  let networkType = "none";
  const network = createNetwork({ onNetworkStatusChange: () => {}, getNetworkType: (options) => later(options, () => ({ networkType })) });
  assert.equal(network.wifi(), false);
  await network.look();
  assert.equal(network.online(), false);
  /** @type {boolean[]} */
  const heard = [];
  network.onChange((online) => heard.push(online));
  networkType = "4g";
  await network.look();
  assert.deepEqual([network.online(), network.wifi(), heard], [true, false, [true]]);
  networkType = "wifi";
  await network.look();
  assert.deepEqual([network.wifi(), heard], [true, [true]]);
  const mute = createNetwork({ onNetworkStatusChange: () => {}, getNetworkType: (options) => later(options, () => { throw { errMsg: "fail" }; }) });
  await mute.look();
  assert.deepEqual([mute.online(), mute.wifi()], [true, false]);
});

/** WeChat with its one worker. */
function workerWx() {
  const made = [];
  const wx = {
    createWorker(path, options) {
      assert.deepEqual([path, options], ["worker/index.js", { useExperimentalWorker: true }]);
      assert.ok(made.every(({ ended }) => ended), "one worker at a time");
      const worker = { ended: false, posted: [], listeners: {} };
      for (const event of ["onMessage", "onProcessKilled", "onError"]) worker[event] = (listener) => void (worker.listeners[event] = listener);
      worker.postMessage = (message) => worker.posted.push(message);
      worker.terminate = () => void (worker.ended = true);
      made.push(worker);
      return worker;
    },
  };
  return { made, workers: createWorkers(wx) };
}

test("a worker: messages, one kill event, nothing after its end", () => {
  const { made, workers } = workerWx();
  const port = workers.create();
  const heard = [];
  let killed = 0;
  port.onMessage((message) => heard.push(message));
  port.onKilled(() => void (killed += 1));
  port.post({ id: 1 });
  made[0].listeners.onMessage({ id: 1, result: 2 });
  assert.deepEqual([made[0].posted, heard], [[{ id: 1 }], [{ id: 1, result: 2 }]]);
  made[0].listeners.onProcessKilled();
  made[0].listeners.onProcessKilled();
  made[0].listeners.onMessage({ id: 2 });
  assert.deepEqual([killed, heard.length], [1, 1]);
});

test("WeChat takes the buffers out of what it is given, and not out of the caller's message", () => {
  const { made, workers } = workerWx();
  const port = workers.create();
  const bytes = new Uint8Array([1, 2, 3]).buffer;
  const message = { id: 1, gallery: bytes, none: null, galleries: [bytes, { deep: [bytes] }], name: "x" };
  const before = { ...message, galleries: [bytes, { deep: [bytes] }] };
  port.post(message);
  const { received, bytes: length } = packMessage(made[0].posted[0]);
  assert.deepEqual(message, before);
  assert.equal(message.galleries[0], bytes, "the bytes are not copied");
  assert.deepEqual(received, before);
  assert.ok(length > 3 * 4 && length < 120, `${length}`);
  // Without the copy the caller loses them.
  packMessage(message);
  assert.deepEqual(Object.keys(message), ["id", "none", "galleries", "name"]);
  assert.equal(0 in message.galleries, false);
});

test("pages and worker copy messages by the same function", () => {
  const source = (/** @type {string} */ file) => readFileSync(path.join(__dirname, "../..", file), "utf8").replace(/^ \*.*$/gm, "");
  assert.equal(source("worker/message.js"), source("platform/message.js"));
});

test("a second worker ends the first, without a kill; a script's error is one", () => {
  const { made, workers } = workerWx();
  let killed = 0;
  workers.create().onKilled(() => void (killed += 1));
  const second = workers.create();
  made[0].listeners.onProcessKilled();
  assert.deepEqual([made[0].ended, killed], [true, 0]);
  second.onKilled(() => void (killed += 1));
  made[1].listeners.onError({ message: "x" });
  assert.deepEqual([made[1].ended, killed], [true, 1]);
});

test("workers run on a WeChat without kill events", () => {
  const heard = [];
  const worker = { onMessage: (listener) => listener({ id: 1 }), postMessage() {}, terminate() {} };
  createWorkers({ createWorker: () => worker }).create().onMessage((message) => heard.push(message));
  assert.deepEqual(heard, [{ id: 1 }]);
});

/**
 * WeChat with pictures of a size.
 * @param {Record<string, { width: number, height: number, type: string }>} known
 * @param {(options: any) => { width: number, height: number, type: string } | null} compress null is a failure
 */
function pictureWx(known, compress) {
  const drawn = [];
  let made = 0;
  const add = (info) => {
    made += 1;
    known[`wxfile://tmp/${made}`] = info;
    return { tempFilePath: `wxfile://tmp/${made}` };
  };
  const wx = {
    getImageInfo: (options) =>
      later(options, () => {
        if (known[options.src]) return known[options.src];
        throw { errMsg: "getImageInfo:fail" };
      }),
    compressImage: (options) =>
      later(options, () => {
        const info = compress({ ...options, ...known[options.src] });
        if (!info) throw { errMsg: "compressImage:fail" };
        return add(info);
      }),
    createOffscreenCanvas: ({ type, width, height }) => ({
      type,
      width,
      height,
      createImage: () => {
        const image = { onload: () => {}, set src(_) { setImmediate(() => image.onload()); } };
        return image;
      },
      getContext: () => ({ drawImage: (_, ...box) => drawn.push(box) }),
    }),
    canvasToTempFilePath: (options) => later(options, () => add({ width: options.destWidth, height: options.destHeight, type: options.fileType === "jpg" ? "jpeg" : "png" })),
  };
  return { drawn, known, pictures: createPictures(wx) };
}

const scaled = ({ width, height, compressedWidth, compressedHeight }) => {
  const scale = compressedWidth ? compressedWidth / width : compressedHeight / height;
  return { width: Math.round(width * scale), height: Math.round(height * scale), type: "jpeg" };
};
const longer = ({ width, height }) => Math.max(width, height);

test("a photo is shrunk by WeChat, whichever way it stands", async () => {
  const { pictures, known, drawn } = pictureWx({ wide: { width: 4000, height: 3000, type: "jpeg" }, tall: { width: 3000, height: 4000, type: "jpeg" } }, scaled);
  for (const name of ["wide", "tall"]) assert.equal(longer(known[await pictures.shrink(name, 256)]), 256);
  assert.deepEqual(drawn, []);
});

test("a phone that turns the photo upright first is asked again", async () => {
  const turned = ({ src, width, height, ...goal }) => scaled({ width: src === "photo" ? height : width, height: src === "photo" ? width : height, ...goal });
  const { pictures, known } = pictureWx({ photo: { width: 4000, height: 3000, type: "jpeg" } }, turned);
  assert.deepEqual(known[await pictures.shrink("photo", 256)], { width: 192, height: 256, type: "jpeg" });
});

test("what WeChat does not shrink is drawn", async () => {
  for (const compress of [() => null, ({ width, height }) => ({ width, height, type: "jpeg" })]) {
    const { pictures, known, drawn } = pictureWx({ photo: { width: 3000, height: 4000, type: "png" } }, compress);
    assert.deepEqual(known[await pictures.shrink("photo", 256)], { width: 192, height: 256, type: "jpeg" });
    assert.deepEqual(drawn, [[0, 0, 192, 256]]);
  }
});

test("what WeChat made small is taken, whatever it calls it: where a canvas fails there is no other way", async () => {
  const unknown = (/** @type {any} */ options) => ({ ...scaled(options), type: "unknown" });
  const { pictures, known, drawn } = pictureWx({ photo: { width: 4000, height: 3000, type: "jpeg" }, small: { width: 256, height: 192, type: "unknown" } }, unknown);
  for (const photo of ["photo", "small"]) {
    const copy = await pictures.shrink(photo, 256);
    assert.notEqual(copy, photo);
    assert.deepEqual(known[copy], { width: 256, height: 192, type: "unknown" });
  }
  assert.deepEqual(drawn, []);
});

test("a small JPEG is its own copy, and what is no picture is an error", async () => {
  const { pictures } = pictureWx({ small: { width: 256, height: 192, type: "jpeg" } }, scaled);
  assert.equal(await pictures.shrink("small", 256), "small");
  await assert.rejects(pictures.shrink("text", 256), { code: "picture_failed" });
});

/** WeChat that asks for consent. */
function privacyWx() {
  let listener = (/** @type {any} */ resolve, /** @type {any} */ info) => {};
  const wx = {
    onNeedPrivacyAuthorization: (given) => void (listener = given),
    openPrivacyContract: (options) => later(options, () => ({})),
  };
  /** @param {string} referrer */
  const need = (referrer) => {
    const answers = [];
    listener((answer) => answers.push(answer), { referrer });
    return answers;
  };
  return { wx, need };
}

test("consent: one sheet for all waiting calls", async () => {
  const { wx, need } = privacyWx();
  const privacy = createPrivacy(wx);
  await privacy.openContract();
  const asked = [];
  privacy.onNeeded((question) => asked.push(question));
  const [one, other] = [need("chooseMedia"), need("getClipboardData")];
  assert.deepEqual(asked.map(({ referrer }) => referrer), ["chooseMedia"]);
  asked[0].shown();
  asked[0].agree("button");
  assert.deepEqual(one, [{ event: "exposureAuthorization" }, { event: "agree", buttonId: "button" }]);
  assert.deepEqual(other, [{ event: "agree", buttonId: "button" }]);
  const third = need("chooseMedia");
  asked[1].refuse();
  assert.deepEqual(third, [{ event: "disagree" }]);
});

test("without a page to ask, no call waits for ever", async () => {
  const { wx, need } = privacyWx();
  const privacy = createPrivacy(wx);
  assert.deepEqual(need("chooseMedia"), [{ event: "disagree" }]);
  const leave = privacy.onNeeded(() => {});
  const waiting = need("chooseMedia");
  assert.deepEqual(waiting, []);
  leave();
  assert.deepEqual(waiting, [{ event: "disagree" }]);
  await turn();
});

test("before 2.32.3 WeChat asks by itself", () => {
  createPrivacy({}).onNeeded(() => assert.fail("there is nobody to hear of"))();
});

test("a sub-package that cannot be fetched is a failure with a code, whatever WeChat throws", async () => {
  await createPackages(async () => ({})).fetchScalar();
  for (const thrown of [new Error("offline"), { errMsg: "loadSubpackage:fail" }, undefined]) {
    await assert.rejects(createPackages(() => Promise.reject(thrown)).fetchScalar(), { code: "engine_missing" });
  }
});
