"use strict";
const { createHttp } = require("../../../platform/http.js");
const { createNetwork } = require("../../harness/phone/network");
const { uploadBody } = require("../../harness/phone/upload");

/**
 * The product's port over a `wx` whose connections are real.
 * @param {import("../../harness/phone/network").NetworkOptions} options
 * @param {(path: string) => Buffer} read a file to upload
 * @returns {Http}
 */
function httpOver(options, read) {
  const network = createNetwork(options);

  /** @param {any} request @param {Buffer | undefined} body @param {(bytes: Buffer) => string | ArrayBuffer} received */
  function start(request, body, received) {
    const aborted = new AbortController();
    const send = async () => network.send(request, body || Buffer.alloc(0), aborted.signal);
    send().then(
      ({ bytes, ...answer }) => request.success({ ...answer, data: received(bytes) }),
      ({ message, errno }) => request.fail({ errMsg: `request:fail ${message}`, errno }),
    );
    return { abort: () => aborted.abort(), onHeadersReceived() {} };
  }

  const wx = {
    request: (/** @type {any} */ request) =>
      start(request, request.data && Buffer.from(request.data), (bytes) => (request.responseType === "arraybuffer" ? new Uint8Array(bytes).buffer : String(bytes))),
    uploadFile: (/** @type {any} */ request) => {
      const { type, body } = uploadBody(request, read(request.filePath));
      return start({ ...request, method: "POST", header: { "content-type": type } }, body, String);
    },
  };
  return createHttp(/** @type {any} */ (wx));
}

module.exports = { httpOver };
