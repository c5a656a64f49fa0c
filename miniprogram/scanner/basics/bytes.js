// @ts-check

/**
 * @param {Uint8Array[]} pieces
 * @returns {ArrayBuffer} the pieces, one after the other
 */
function joined(pieces) {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole.buffer;
}

module.exports = { joined };
