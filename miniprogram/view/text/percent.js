// @ts-check

/**
 * A probability as text that never claims certainty: neither 0% nor 100%.
 * @param {number} probability 0 to 1
 */
function percent(probability) {
  if (probability > 0.99) return ">99%";
  if (probability < 0.01) return "<1%";
  return `${Math.round(probability * 100)}%`;
}

/**
 * Length of a bar, 1 to 100; an empty bar would look like an error.
 * @param {number} probability 0 to 1
 */
function barLength(probability) {
  return Math.min(100, Math.max(1, Math.round(probability * 100)));
}

module.exports = { percent, barLength };
