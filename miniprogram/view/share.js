// @ts-check
const { summary } = require("./history.js");
const { percent } = require("./percent.js");

/** Without it WeChat takes a picture of the screen, and with that the grower's photo. */
const PICTURE = "/icons/share.png";

/**
 * What a friend gets: the answer in words and the guide's page about it, never the photo.
 * @param {Scan | null} scan
 * @param {ViewContext} context
 */
function shareMessage(scan, context) {
  const plain = { title: context.t("result.shareTitlePlain"), path: "/pages/scan/scan", imageUrl: PICTURE };
  if (!scan || !scan.shown || scan.shown.prediction.verdict === "not_mango_leaf") return plain;
  const { title: name, probability } = summary(scan, context);
  if (probability === null) return plain;
  const first = scan.shown.prediction.classes[0].id;
  return {
    title: context.t("result.shareTitle", { name, percent: percent(probability) }),
    path: context.catalog.find(first) ? `/pages/detail/detail?id=${first}` : plain.path,
    imageUrl: PICTURE,
  };
}

module.exports = { shareMessage };
