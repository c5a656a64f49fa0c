// @ts-check
const { sprayAdvice } = require("../spray/spray.js");
const { mistakenFor, symptomOf } = require("./symptom.js");

/**
 * The guide's page of a class.
 * @param {string} id
 * @param {import("../spray/spray.js").SprayAnswers} answers to the questions about spraying
 * @param {number} now milliseconds
 * @param {ViewContext} context
 * @returns null for a class that is not in the catalog
 */
function detailPage(id, answers, now, context) {
  const { catalog, language, t } = context;
  const entry = catalog.find(id);
  if (!entry) return null;
  const guild = entry.guild === null ? null : catalog.guild(entry.guild);
  const sharesGuild = guild !== null && entry.kind !== "healthy";
  return {
    id,
    title: entry.names[language],
    latin: entry.names.latin || "",
    second: entry.names[language === "zh" ? "en" : "zh"],
    guild: entry.guild,
    kind: t(`kind.${entry.kind}`),
    tone: entry.kind === "healthy" ? "sure" : entry.kind === "pest" ? "unsure" : "alarm",
    part: entry.part ? t(`part.${entry.part}`) : "",
    group: sharesGuild ? t("detail.guild", { name: guild.names[language] }) : "",
    symptom: symptomOf(id, context),
    mistaken: mistakenFor(id, context),
    symptoms: entry.symptoms[language],
    spray: sprayAdvice(entry, answers, now, context),
    steps: entry.advice[language],
    groupTitle: sharesGuild ? t("detail.guildAdvice", { name: guild.names[language] }) : "",
    groupSteps: sharesGuild ? guild.advice[language] : [],
    caution: entry.kind === "healthy" ? "" : t("detail.caution"),
  };
}

module.exports = { detailPage };
