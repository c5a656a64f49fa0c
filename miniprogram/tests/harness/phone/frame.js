"use strict";

/**
 * JSON and bytes in one body: the JSON's length in four bytes, the JSON, the bytes.
 * @param {object} meta
 * @param {Uint8Array} [bytes]
 */
function encode(meta, bytes = Buffer.alloc(0)) {
  const json = Buffer.from(JSON.stringify(meta));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return Buffer.concat([length, json, bytes]);
}

/**
 * @param {Buffer} body
 * @returns {{ meta: any, bytes: Buffer }}
 */
function decode(body) {
  const end = 4 + body.readUInt32BE(0);
  if (end > body.length) throw new RangeError("the frame is cut off");
  return { meta: JSON.parse(body.toString("utf8", 4, end)), bytes: body.subarray(end) };
}

module.exports = { decode, encode };
