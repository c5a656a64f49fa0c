// @ts-check

/** What stands in the place of a class where the grower does not know it. */
const UNKNOWN = "unknown";

module.exports = { UNKNOWN };
