// @ts-check

/** Stands for a class that the grower does not know. */
const UNKNOWN = "unknown";

module.exports = { UNKNOWN };
