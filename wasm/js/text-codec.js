/**
 * The parts of TextDecoder and TextEncoder that wasm-bindgen's glue needs and mini-programs on phones lack. UTF-8 only.
 */

const REPLACEMENT = 0xfffd;

export class TextDecoder {
  #fatal;

  constructor(_label = "utf-8", { fatal = false } = {}) {
    this.#fatal = fatal;
  }

  decode(input = new Uint8Array()) {
    const bytes = input instanceof Uint8Array ? input : new Uint8Array(input);
    let text = "";
    let units = [];
    for (let at = 0; at < bytes.length; ) {
      const [point, length] = codePoint(bytes, at);
      if (point === undefined && this.#fatal) throw new TypeError("the bytes are not UTF-8");
      push(units, point ?? REPLACEMENT);
      at += length;
      // The number of arguments of a call is limited, and appending single characters is slow.
      if (units.length > 4096) {
        text += String.fromCharCode(...units);
        units = [];
      }
    }
    return text + String.fromCharCode(...units);
  }
}

export class TextEncoder {
  encode(text = "") {
    const bytes = new Uint8Array(3 * text.length);
    return bytes.slice(0, this.encodeInto(text, bytes).written);
  }

  encodeInto(text, bytes) {
    let read = 0;
    let written = 0;
    while (read < text.length) {
      const point = wellFormed(text.codePointAt(read));
      const length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      if (written + length > bytes.length) break;
      write(bytes, written, point, length);
      written += length;
      read += point > 0xffff ? 2 : 1;
    }
    return { read, written };
  }
}

/** Replaces an unpaired surrogate. */
function wellFormed(point) {
  return point >= 0xd800 && point <= 0xdfff ? REPLACEMENT : point;
}

function write(bytes, at, point, length) {
  if (length === 1) {
    bytes[at] = point;
    return;
  }
  for (let i = length - 1; i > 0; i--) {
    bytes[at + i] = 0x80 | (point & 0x3f);
    point >>= 6;
  }
  bytes[at] = (0xf00 >> length) & 0xff | point;
}

/** The code point at `at` and its length in bytes; undefined and the number of bytes to skip for invalid UTF-8. */
function codePoint(bytes, at) {
  const first = bytes[at];
  if (first < 0x80) return [first, 1];
  const length = first >= 0xf0 && first <= 0xf4 ? 4 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xc2 && first < 0xe0 ? 2 : 0;
  if (length === 0) return [undefined, 1];
  let point = first & (0x7f >> length);
  for (let i = 1; i < length; i++) {
    const next = bytes[at + i];
    // The range of the second byte excludes overlong forms, surrogates and code points past the last one.
    const [low, high] = i === 1 ? secondByte(first) : [0x80, 0xbf];
    if (!(next >= low && next <= high)) return [undefined, i];
    point = (point << 6) | (next & 0x3f);
  }
  return [point, length];
}

function secondByte(first) {
  if (first === 0xe0) return [0xa0, 0xbf];
  if (first === 0xed) return [0x80, 0x9f];
  if (first === 0xf0) return [0x90, 0xbf];
  if (first === 0xf4) return [0x80, 0x8f];
  return [0x80, 0xbf];
}

function push(units, point) {
  if (point < 0x10000) {
    units.push(point);
  } else {
    units.push(0xd7c0 + (point >> 10), 0xdc00 | (point & 0x3ff));
  }
}
