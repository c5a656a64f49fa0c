"use strict";

/**
 * The parts of a multipart body, read as a server reads them.
 * @param {string} contentType
 * @param {ArrayBuffer} body
 * @returns {{ name: string, content: Buffer }[]}
 */
function parts(contentType, body) {
  const boundary = /^multipart\/form-data; boundary=([\w-]{1,70})$/.exec(contentType);
  if (!boundary) throw new Error(`${contentType} is no multipart/form-data`);
  const delimiter = Buffer.from(`\r\n--${boundary[1]}`);
  // The first delimiter has no line break of its own.
  let rest = Buffer.concat([Buffer.from("\r\n"), Buffer.from(body)]);
  if (rest.indexOf(delimiter) !== 0) throw new Error("the body does not begin with its boundary");
  rest = rest.subarray(delimiter.length);
  const found = [];
  while (!rest.subarray(0, 2).equals(Buffer.from("--"))) {
    const end = rest.indexOf(delimiter);
    const head = rest.indexOf("\r\n\r\n");
    if (end < 0 || head < 0 || head > end) throw new Error("a part does not end");
    const name = /name="([^"]*)"/.exec(rest.subarray(0, head).toString("utf8"));
    if (!name) throw new Error("a part has no name");
    found.push({ name: name[1], content: rest.subarray(head + 4, end) });
    rest = rest.subarray(end + delimiter.length);
  }
  if (rest.toString("utf8") !== "--\r\n") throw new Error("something follows the last part");
  return found;
}

module.exports = { parts };
