// @ts-check

/** A gallery takes no longer name. */
const LABEL_LETTERS = 40;

/**
 * A name as it is kept: no line breaks, no more letters than a gallery takes.
 * @param {string} text
 */
function cleanLabel(text) {
  return Array.from(text.replace(/\s+/g, " ").trim()).slice(0, LABEL_LETTERS).join("").trim();
}

/**
 * The class that a grower's own name means: one that bears it already, else a new one with an id that is free.
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
