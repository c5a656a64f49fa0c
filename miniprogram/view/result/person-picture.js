// @ts-check
const { answerCard } = require("../answer/answer.js");
const { heatMapOverlay } = require("../picture/heat-map.js");
const { clockTime, isoDay } = require("../text/time.js");

const WIDTH = 1000;
/** Always the same, since it is seen on another phone: the light theme's. */
const COLOURS = { ground: "#ffffff", ink: "#14241a", quiet: "#44574a", faint: "#66776b", leaf: "#145c2b" };

/**
 * Content of the picture for an agronomist: photo, heat map, answer, day and the grower's choice. No place and no person's
 * name.
 * @param {Scan} scan
 * @param {{ photo: string, seen?: Prediction | null }} picture the chosen photo; `seen` is the phone's answer for it if
 *   several were classified together
 * @param {ViewContext} context
 * @returns {PictureSheet}
 */
function personSheet(scan, { photo, seen }, context) {
  const { t } = context;
  const card = answerCard(scan, context);
  const prediction = scan.count === 1 ? scan.shown && scan.shown.prediction : seen;
  const map = prediction && prediction.verdict !== "not_mango_leaf" ? prediction.heatmap : undefined;
  const overlay = map && { src: heatMapOverlay(map).src, view: map.view };
  // The list of an unsure answer includes the first class.
  const others = card.others.filter(({ id }) => id !== card.classId).map(({ title, percent }) => `${title} ${percent}`).join(context.language === "zh" ? "，" : ", ");
  const [source] = card.chips;
  /** @type {(SheetText | null)[]} */
  const words = [
    text(card.lead, 34, COLOURS.quiet, 20),
    text(card.title, 60, COLOURS.ink, card.lead ? 0 : 20, true),
    text(card.latin, 34, COLOURS.faint, 0),
    text(card.confidence && card.confidence.label, 38, COLOURS.leaf, 12, true),
    text(others && t("person.others", { others }), 34, COLOURS.quiet, 8),
    text(card.caution, 34, COLOURS.quiet, 8),
    text(card.choice && card.choice.text, 38, COLOURS.ink, 16, true),
    text(t("person.taken", { date: `${isoDay(scan.takenAt)} ${clockTime(scan.takenAt)}` }), 34, COLOURS.quiet, 24),
    text(source ? t("person.by", { source: source.text }) : "", 34, COLOURS.quiet, 4),
    text(t("person.foot"), 30, COLOURS.faint, 28),
  ];
  return {
    width: WIDTH,
    ground: COLOURS.ground,
    parts: [
      /** @type {SheetText} */ (text(t("person.question"), 48, COLOURS.leaf, 0, true)),
      gap(20),
      { kind: "figure", photo },
      ...(overlay ? [/** @type {SheetFigure} */ ({ kind: "figure", photo, overlay }), /** @type {SheetText} */ (text(t("result.heatHint"), 30, COLOURS.faint, 0))] : []),
      ...words.filter(isThere),
    ],
  };
}

/** @param {string | null | undefined} content @param {number} size @param {string} colour @param {number} above @param {boolean} [bold] @returns {SheetText | null} */
function text(content, size, colour, above, bold) {
  return content ? { kind: "text", text: content, size, colour, gap: above, bold: Boolean(bold) } : null;
}

/** Room between two parts. @param {number} height @returns {SheetText} */
const gap = (height) => ({ kind: "text", text: "", size: 1, colour: COLOURS.ink, gap: height });

/** @param {SheetText | null} part @returns {part is SheetText} */
const isThere = (part) => part !== null;

module.exports = { personSheet };
