// @ts-check

/** A word of letters and digits with the characters up to the next word; any other character alone. */
const PIECES = /[A-Za-z0-9À-ɏ'’.,;:!?()%<>=+\-]+ *|[^]/gu;

/** Characters that must not begin a line in Chinese. */
const TRAILING = /^[，。、；：？！）》”’%]/;

/**
 * Wraps a text into lines of at most `width`. A longer word is split.
 * @param {string} text
 * @param {number} width
 * @param {(text: string) => number} measure
 * @returns {string[]}
 */
function wrapped(text, width, measure) {
  /** @type {string[]} */
  const lines = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const piece of paragraph.match(PIECES) || []) {
      if (line === "" || measure((line + piece).trim()) <= width || TRAILING.test(piece)) line += piece;
      else {
        lines.push(line.trim());
        line = piece.trim() === "" ? "" : piece;
      }
      while (measure(line.trim()) > width && !TRAILING.test(piece)) {
        const letters = Array.from(line);
        let fits = letters.length - 1;
        while (fits > 1 && measure(letters.slice(0, fits).join("")) > width) fits -= 1;
        if (fits < 1) break;
        lines.push(letters.slice(0, fits).join(""));
        line = letters.slice(fits).join("");
      }
    }
    lines.push(line.trim());
  }
  return lines;
}

module.exports = { wrapped };
