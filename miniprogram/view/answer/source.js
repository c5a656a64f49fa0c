// @ts-check

/**
 * The source of an answer, and whether the answer may still change.
 * @param {Scan} scan
 * @param {{ t: ViewContext["t"] }} context
 * @returns {Chip[]}
 */
function sourceChips(scan, { t }) {
  if (!scan.shown) return [];
  /** @type {Chip[]} */
  const chips = [scan.shown.source === "relay"
    ? { text: t("card.fromRelay"), tone: "relay", glyph: "server" }
    : { text: t("card.fromPhone"), tone: "sure", glyph: "phone" }];
  if (isProvisional(scan)) chips.push({ text: t("card.provisional"), tone: "unsure", glyph: "clock" });
  return chips;
}

/**
 * Whether the phone's answer is shown while the relay's is pending.
 * @param {Scan} scan
 */
function isProvisional(scan) {
  return Boolean(scan.shown) && !scan.relay && (scan.state === "waiting" || scan.state === "asking");
}

module.exports = { sourceChips, isProvisional };
