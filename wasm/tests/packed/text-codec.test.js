import assert from "node:assert/strict";
import { test } from "node:test";

import { TextDecoder as Ours, TextEncoder as OurEncoder } from "../../js/text-codec.js";

/** Reproducible pseudo-random numbers (Steele and others 2014, SplitMix in 32 bits). */
function* numbers(seed) {
  for (let state = seed >>> 0; ; ) {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    yield (mixed ^ (mixed >>> 15)) >>> 0;
  }
}

const random = numbers(7);
const draw = (below) => random.next().value % below;

/** Code units of every category: ASCII, Chinese, surrogate pairs, and unpaired surrogates. */
const unit = () => [() => draw(0x80), () => 0x4e00 + draw(0x5000), () => 0xd800 + draw(0x800), () => draw(0x10000)][draw(4)]();
const texts = Array.from({ length: 500 }, () => String.fromCharCode(...Array.from({ length: draw(40) }, unit)));

test("text is encoded like on the platform", () => {
  for (const text of [...texts, "", "芒果🍃", "\ufeffx"]) {
    assert.deepEqual(new OurEncoder().encode(text), new TextEncoder().encode(text));
    const [ours, theirs] = [new Uint8Array(17), new Uint8Array(17)];
    assert.deepEqual(new OurEncoder().encodeInto(text, ours), new TextEncoder().encodeInto(text, theirs));
    assert.deepEqual(ours, theirs);
  }
});

test("valid UTF-8 is decoded, invalid UTF-8 is refused", () => {
  const theirs = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const ours = new Ours("utf-8", { fatal: true });
  const outcome = (decoder, bytes) => {
    try {
      return decoder.decode(bytes);
    } catch {
      return "refused";
    }
  };
  const long = new TextEncoder().encode("虫".repeat(10_000));
  const noise = Array.from({ length: 3000 }, () => Uint8Array.from({ length: 1 + draw(6) }, () => draw(4) ? 0x80 + draw(0x80) : draw(0x80)));
  for (const bytes of [...texts.map((text) => new TextEncoder().encode(text)), ...noise, long]) {
    assert.equal(outcome(ours, bytes), outcome(theirs, bytes), `${bytes}`);
  }
});

test("without the fatal option, invalid UTF-8 is replaced", () => {
  for (const bytes of [[0xff], [0x61, 0xc3], [0xe2, 0x82, 0x41], [0xf0, 0x9f, 0x8d], [0xed, 0xa0, 0x80]]) {
    assert.equal(new Ours().decode(Uint8Array.from(bytes)), new TextDecoder().decode(Uint8Array.from(bytes)));
  }
});
