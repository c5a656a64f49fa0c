// @ts-check
const assert = require("node:assert/strict");
const { afterEach, test } = require("node:test");
const { copyText } = require("../../../ui/clipboard.js");
const { receiveFile, sendFile } = require("../../../ui/files.js");
const { takePhotos } = require("../../../ui/photos.js");
const { confirm } = require("../../../ui/say.js");

const all = /** @type {any} */ (globalThis);
afterEach(() => delete all.wx);

/**
 * A WeChat that refuses every call.
 * @param {object} refused
 */
function refusing(refused) {
  const fail = (/** @type {any} */ options) => setImmediate(() => options.fail(refused));
  all.wx = { showModal: fail, chooseMedia: fail, chooseMessageFile: fail, shareFileMessage: fail, setClipboardData: fail };
}

const ask = () => confirm({ content: "?", yes: "Yes", no: "No" });
/** Everything that WeChat is asked for, and the code of what it refuses for no reason of its own. @type {[() => Promise<unknown>, string][]} */
const CALLS = [
  [ask, "dialog_failed"],
  [() => takePhotos("album", 1), "camera_refused"],
  [() => receiveFile(), "file_refused"],
  [() => sendFile("a.csv"), "share_refused"],
  [() => copyText("a"), "copy_failed"],
];

test("what WeChat refuses is an error with its own code, and a question that did not open is no answer", async () => {
  refusing({ errMsg: "fail confirmText length should not larger than 4 Chinese characters" });
  for (const [call, code] of CALLS) await assert.rejects(call, { code });
});

test("a privacy refusal is reported as such for every call", async () => {
  for (const [refused, code] of /** @type {[object, string][]} */ ([
    [{ errMsg: "fail api scope is not declared in the privacy agreement", errno: 112 }, "privacy_undeclared"],
    [{ errMsg: "fail privacy permission is not authorized", errno: 104 }, "privacy_declined"],
    [{ errMsg: "fail privacy permission is not authorized" }, "privacy_declined"],
  ])) {
    refusing(refused);
    for (const [call] of CALLS) await assert.rejects(call, { code });
  }
});

test("cancelling is not an error", async () => {
  refusing({ errMsg: "fail cancel" });
  assert.deepEqual(await Promise.all([ask(), takePhotos("camera", 1), receiveFile(), sendFile("a.csv")]), [false, [], null, undefined]);
});
