// @ts-check

/** @param {number} number */
function two(number) {
  return String(number).padStart(2, "0");
}

/**
 * The time of day, in local time.
 * @param {number} at milliseconds
 */
function clockTime(at) {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/**
 * The date as YYYY-MM-DD, in local time.
 * @param {number} at milliseconds
 */
function isoDay(at) {
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/**
 * The date; today and yesterday by name.
 * @param {number} at milliseconds
 * @param {number} now milliseconds
 * @param {{ t: ViewContext["t"] }} context
 */
function dayName(at, now, { t }) {
  const date = new Date(at);
  const today = new Date(now);
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (sameDay(date, today)) return t("day.today");
  if (sameDay(date, yesterday)) return t("day.yesterday");
  const parts = { year: date.getFullYear(), month: date.getMonth() + 1, day: date.getDate() };
  return t(parts.year === today.getFullYear() ? "day.short" : "day.withYear", parts);
}

/** @param {Date} one @param {Date} other */
function sameDay(one, other) {
  return one.getFullYear() === other.getFullYear() && one.getMonth() === other.getMonth() && one.getDate() === other.getDate();
}

module.exports = { clockTime, dayName, isoDay };
