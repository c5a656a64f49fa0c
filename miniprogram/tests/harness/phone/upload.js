"use strict";
const { randomBytes } = require("node:crypto");
const path = require("node:path");

const TYPES = new Map([[".jpg", "image/jpeg"], [".jpeg", "image/jpeg"], [".png", "image/png"], [".webp", "image/webp"]]);

/**
 * The multipart body that `wx.uploadFile` sends: fields first, then the file.
 * @param {{ name: string, filePath: string, formData?: Record<string, unknown> }} options
 * @param {Buffer} file
 */
function uploadBody({ name, filePath, formData = {} }, file) {
  const boundary = randomBytes(16).toString("hex");
  const fileName = path.posix.basename(filePath);
  const type = TYPES.get(path.extname(fileName).toLowerCase()) || "application/octet-stream";
  const fields = Object.entries(formData).map(
    ([key, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(key)}"\r\n\r\n${value}\r\n`,
  );
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"; filename="${quoted(fileName)}"\r\nContent-Type: ${type}\r\n\r\n`;
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([Buffer.from(fields.join("") + head), file, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}

/** @param {string} text */
function quoted(text) {
  return text.replace(/"/g, "%22").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

module.exports = { uploadBody };
