// @ts-check

/**
 * How to recognise a class by eye: its drawn symptom and the marks to check.
 * @param {string} id
 * @param {ViewContext} context
 * @returns {Symptom | null} null for a class that is not in the catalog
 */
function symptomOf(id, { catalog, language }) {
  const entry = catalog.find(id);
  return entry && { id, title: entry.names[language], picture: pictureOf(id), marks: entry.marks[language] };
}

/**
 * Classes that are easily confused with a class.
 * @param {string} id
 * @param {ViewContext} context
 * @returns {Symptom[]}
 */
function mistakenFor(id, context) {
  const entry = context.catalog.find(id);
  const others = entry ? entry.mistaken_for : [];
  return others.map((other) => symptomOf(other, context)).filter(isThere);
}

/** The package's file, made by `tests/symptoms/draw.js`. @param {string} id */
const pictureOf = (id) => `/symptoms/${id}.svg`;

/** @param {Symptom | null} symptom @returns {symptom is Symptom} */
const isThere = (symptom) => symptom !== null;

module.exports = { isThere, mistakenFor, pictureOf, symptomOf };
