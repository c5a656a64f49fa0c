// @ts-check
const { guideRow } = require("../guide/guide.js");
const { LOOK, MONTHS, STAGES } = require("./data.js");
const { monthsText } = require("./months.js");

/** @typedef {Pick<Settings, "region" | "stageMonths">} CalendarSettings */

/**
 * @typedef {object} StageCard
 * @property {CalendarStage} id
 * @property {string} name
 * @property {string} months
 * @property {boolean} isNow
 * @property {string} now a word for that; empty where it is not
 * @property {boolean} open
 * @property {string} look where to look, in a line
 * @property {ReturnType<typeof import("../guide/guide.js").guideGroups>} groups what to look for; none where it is not open
 * @property {{ month: number, name: string, on: boolean }[]} grid the months to tap; none where they are not the grower's
 */

/**
 * The growth stages of a year, and the classes to look for at each.
 * @param {CalendarSettings} settings
 * @param {Partial<Record<CalendarStage, boolean>>} opened by the grower's taps; what was not tapped is open at its time
 * @param {number} now milliseconds
 * @param {ViewContext} context
 * @returns {{ regions: { id: Region, name: string, hint: string }[], month: string, stages: StageCard[] }} no stages until a
 *   region is chosen
 */
function calendarPage(settings, opened, now, context) {
  const { t } = context;
  const months = monthsOf(settings);
  const month = monthOf(now);
  return {
    regions: [
      { id: "hainan", name: t("calendar.hainan"), hint: "" },
      { id: "guangxi", name: t("calendar.guangxi"), hint: "" },
      { id: "dry_valleys", name: t("calendar.dryValleys"), hint: t("calendar.dryValleysHint") },
      { id: "own", name: t("calendar.own"), hint: t("calendar.ownHint") },
    ],
    month: t("calendar.thisMonth", { month: context.lines("calendar.months")[month - 1] }),
    stages: months ? STAGES.map((id) => stageCard(id, { months: months[id], month, opened: opened[id], isOwn: settings.region === "own" }, context)) : [],
  };
}

/**
 * @param {CalendarStage} id
 * @param {{ months: number[], month: number, opened: boolean | undefined, isOwn: boolean }} given
 * @param {ViewContext} context
 * @returns {StageCard}
 */
function stageCard(id, { months, month, opened, isOwn }, context) {
  const { t, lines } = context;
  const isNow = months.indexOf(month) >= 0;
  const open = opened === undefined ? isNow : opened;
  const names = lines("calendar.months");
  return {
    id,
    name: t(`calendar.${id}`),
    months: monthsText(months, context),
    isNow,
    now: isNow ? t("calendar.now") : "",
    open,
    look: t(`calendar.look_${id}`),
    groups: open ? [{ id, name: t("calendar.lookFor"), rows: rowsOf(id, context) }] : [],
    grid: isOwn && open ? names.map((name, at) => ({ month: at + 1, name, on: months.indexOf(at + 1) >= 0 })) : [],
  };
}

/** @param {CalendarStage} id @param {ViewContext} context */
function rowsOf(id, { catalog, language }) {
  return LOOK[id].map(catalog.find).reduce((rows, entry) => (entry ? [...rows, guideRow(entry, language)] : rows), /** @type {import("../guide/guide.js").GuideRow[]} */ ([]));
}

/**
 * The calendar's entry in the guide: the stages of this month, if the region is known.
 * @param {CalendarSettings} settings
 * @param {number} now milliseconds
 * @param {ViewContext} context
 */
function calendarLine(settings, now, { t, lines, language }) {
  const months = monthsOf(settings);
  const month = monthOf(now);
  const stages = months ? STAGES.filter((id) => months[id].indexOf(month) >= 0).map((id) => t(`calendar.${id}`)) : [];
  if (stages.length === 0) return t("calendar.open");
  return t("calendar.openNow", { month: lines("calendar.months")[month - 1], stages: stages.join(language === "zh" ? "、" : ", ") });
}

/**
 * The settings with one month of a stage added or removed.
 * @param {CalendarSettings} settings
 * @param {CalendarStage} stage
 * @param {number} month
 * @returns {StageMonths}
 */
function withMonth(settings, stage, month) {
  const months = monthsOf(settings) || MONTHS.hainan;
  const before = months[stage];
  const after = before.indexOf(month) >= 0 ? before.filter((one) => one !== month) : [...before, month].sort((a, b) => a - b);
  return { ...months, [stage]: after };
}

/**
 * The initial own months: those of the region chosen before.
 * @param {CalendarSettings} settings
 * @returns {StageMonths}
 */
function ownMonths({ region, stageMonths }) {
  if (stageMonths) return stageMonths;
  return region === "" || region === "own" ? MONTHS.hainan : MONTHS[region];
}

/** @param {CalendarSettings} settings @returns {StageMonths | null} */
function monthsOf({ region, stageMonths }) {
  if (region === "") return null;
  return region === "own" ? ownMonths({ region, stageMonths }) : MONTHS[region];
}

/** 1 to 12, on the phone's calendar. @param {number} now */
const monthOf = (now) => new Date(now).getMonth() + 1;

module.exports = { calendarLine, calendarPage, ownMonths, withMonth };
