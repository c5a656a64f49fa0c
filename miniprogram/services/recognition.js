// @ts-check
const { createDailyUpdate } = require("../scanner/phone/update/daily-update.js");
const { createPhone } = require("../scanner/phone/phone.js");
const { createScanner } = require("../scanner/scanner.js");
const { confirm } = require("../ui/say.js");

/**
 * Scans, the phone's model and the grower's own classes.
 * @param {object} parts
 * @param {Ports} parts.ports
 * @param {import("../scanner/settings.js").SettingsStore} parts.settings
 * @param {import("../scanner/relay/relay.js").Relay} parts.relay
 * @param {ReturnType<typeof import("../ui/screen.js").createScreen>} parts.screen
 * @param {import("../i18n/index.js").Translate} parts.t
 */
function createRecognition({ ports, settings, relay, screen, t }) {
  const { model, store, orchard, updater, open: openPhone } = createPhone({ ports, settings });
  const daily = createDailyUpdate({ ports, settings: settings.get, update: () => updater.update(relay) });
  const scanner = createScanner({
    ports,
    settings: settings.get,
    model,
    relay,
    taught: () => store.taught(),
    drawn: screen.settled,
    consent: () =>
      confirm({
        title: t("consent.title"),
        content: t("consent.text", { relay: settings.get().relay }),
        yes: t("consent.send"),
        no: t("consent.keep"),
      }),
  });
  settings.subscribe(() => scanner.wake());

  return {
    model,
    store,
    orchard,
    updater,
    scanner,
    openPhone,

    /** Resumes pending work when the app comes to the foreground. */
    wake() {
      scanner.wake();
      daily.wake();
    },
  };
}

module.exports = { createRecognition };
