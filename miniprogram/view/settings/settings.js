// @ts-check

/** @typedef {{ id: string, name: string, hint: string }} Choice */

/** @param {ViewContext} context @returns {Choice[]} */
function modeChoices({ t }) {
  return [
    { id: "automatic", name: t("settings.automatic"), hint: t("settings.automaticHint") },
    { id: "phone", name: t("settings.phone"), hint: t("settings.phoneHint") },
    { id: "relay", name: t("settings.relayOnly"), hint: t("settings.relayOnlyHint") },
  ];
}

/** @param {ViewContext} context @returns {Choice[]} */
function languageChoices({ t }) {
  return [
    { id: "system", name: t("settings.system"), hint: "" },
    { id: "zh", name: t("settings.zh"), hint: "" },
    { id: "en", name: t("settings.en"), hint: "" },
  ];
}

/**
 * The state of the model on the phone, as text.
 * @param {{ status: string, reason: string | null }} state
 * @param {ViewContext} context
 * @param {(code: string) => string} reasonOf
 */
function modelStateLine({ status, reason }, { t }, reasonOf) {
  if (status === "failed") return t("settings.failed", { reason: reasonOf(reason || "unknown") });
  return t({ ready: "settings.ready", starting: "settings.starting" }[status] || "settings.idle");
}

/**
 * How photos and data are handled, line by line.
 * @param {ViewContext} context
 */
function privacyLines({ hasRelay, lines, t }) {
  const [photos, ...rest] = lines("settings.privacyLines");
  return hasRelay ? [photos, t("settings.privacyFeedback"), ...rest] : [t("settings.privacyPhone"), ...rest];
}

module.exports = { modeChoices, languageChoices, modelStateLine, privacyLines };
