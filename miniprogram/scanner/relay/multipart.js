// @ts-check

/**
 * A body of multipart/form-data, made by hand since `wx.uploadFile` sends one file only.
 * @param {string} name of every part
 * @param {ArrayBuffer[]} photos
 * @returns {{ contentType: string, body: ArrayBuffer }}
 */
function multipart(name, photos) {
  const parts = photos.map((photo) => new Uint8Array(photo));
  const boundary = boundaryFor(parts);
  const pieces = [];
  parts.forEach((part, index) => {
    const disposition = `form-data; name="${name}"; filename="${index}.jpg"`;
    const head = `Content-Disposition: ${disposition}\r\nContent-Type: application/octet-stream`;
    pieces.push(ascii(`--${boundary}\r\n${head}\r\n\r\n`), part, ascii("\r\n"));
  });
  pieces.push(ascii(`--${boundary}--\r\n`));
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: joined(pieces) };
}

/**
 * One that stands in no part: looked for, not trusted to chance, so that a photo that holds an earlier upload goes too.
 * @param {Uint8Array[]} parts
 */
function boundaryFor(parts) {
  for (let n = 0; ; n += 1) {
    const boundary = `mango-scout-${n}-photo`;
    const bytes = ascii(boundary);
    if (!parts.some((part) => holds(part, bytes))) return boundary;
  }
}

/**
 * @param {Uint8Array} bytes
 * @param {Uint8Array} sought
 */
function holds(bytes, sought) {
  // `indexOf` runs natively, which counts on phones that interpret JavaScript.
  for (let at = bytes.indexOf(sought[0]); at >= 0; at = bytes.indexOf(sought[0], at + 1)) {
    if (sought.every((byte, index) => bytes[at + index] === byte)) return true;
  }
  return false;
}

/** @param {string} text */
function ascii(text) {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}

/** @param {Uint8Array[]} pieces */
function joined(pieces) {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole.buffer;
}

module.exports = { multipart };
