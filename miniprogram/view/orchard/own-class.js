// @ts-check

/** A gallery takes no longer name. */
const LABEL_LETTERS = 40;

/**
 * Normalises a name: no line breaks, at most as many letters as a gallery allows.
 * @param {string} text
 */
function cleanLabel(text) {
  return Array.from(text.replace(/\s+/g, " ").trim()).slice(0, LABEL_LETTERS).join("").trim();
}

/**
 * The class for a name that the grower typed: an existing one with this name, else a new one with a free id.
 * @param {string} label
 * @param {{ id: string, label: string | null }[]} taught
 * @returns {{ id: string, label: string }}
 */
function ownClass(label, taught) {
  const same = taught.find((one) => one.label !== null && one.label.toLowerCase() === label.toLowerCase());
  if (same) return { id: same.id, label: same.label || label };
  const used = new Set(taught.map((one) => one.id));
  let number = 1;
  while (used.has(`own_${number}`)) number += 1;
  return { id: `own_${number}`, label };
}

module.exports = { cleanLabel, ownClass };
