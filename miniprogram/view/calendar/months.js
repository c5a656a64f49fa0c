// @ts-check

/**
 * Months as spans, possibly across the end of the year: `11月–2月`.
 * @param {number[]} months 1 to 12
 * @param {ViewContext} context
 */
function monthsText(months, { t, lines, language }) {
  if (months.length === 0) return t("calendar.noMonths");
  if (months.length >= 12) return t("calendar.allYear");
  const has = (/** @type {number} */ month) => months.indexOf(((month + 11) % 12) + 1) >= 0;
  const names = lines("calendar.months");
  const starts = Array.from({ length: 12 }, (_, at) => at + 1).filter((month) => has(month) && !has(month - 1));
  const spans = starts.map((first) => {
    let last = first;
    while (has(last + 1)) last += 1;
    const [from, to] = [names[first - 1], names[(last - 1) % 12]];
    return first === last ? from : `${from}–${to}`;
  });
  return spans.join(language === "zh" ? "、" : ", ");
}

module.exports = { monthsText };
