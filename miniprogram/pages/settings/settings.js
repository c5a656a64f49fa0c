// @ts-check
const { failure } = require("../../scanner/basics/failure.js");
const { parseAddress } = require("../../scanner/relay/address.js");
const { definePage } = require("../../ui/page.js");
const { isRelease } = require("../../ui/release.js");
const { confirm, toast } = require("../../ui/say.js");
const { services } = require("../../ui/services.js");
const { sizeText } = require("../../view/text/bytes.js");
const { givenAway } = require("../../view/result/feedback-note.js");
const { problemLine } = require("../../view/text/problem.js");
const { languageChoices, modeChoices, modelStateLine, privacyLines } = require("../../view/settings/settings.js");
const { isOutgoing } = require("../../view/answer/waiting.js");

definePage({ title: "settings.title", words: ["settings"] }, {
  data: {
    settings: /** @type {Settings | null} */ (null),
    modes: /** @type {object[]} */ ([]),
    languages: /** @type {object[]} */ ([]),
    /** Whether the address can be edited. */
    asksAddress: false,
    privacyLines: /** @type {string[]} */ ([]),
    address: "",
    builtIn: "",
    testing: false,
    tested: /** @type {Notice | null} */ (null),
    storage: /** @type {{ used: string, waiting: string } | null} */ (null),
    scans: 0,
    model: /** @type {{ state: string, name: string, engine: string } | null} */ (null),
    updating: false,
    updated: /** @type {Notice | null} */ (null),
    version: "",
    problem: /** @type {Notice | null} */ (null),
  },

  opened() {
    const { settings, model, build } = services();
    this.setData({ asksAddress: !isRelease(), address: settings.get().relay, builtIn: build.relay, version: `${build.version} (${build.revision})` });
    this.watch(model, () => this.show());
  },

  shown() {
    this.show();
    return this.measure();
  },

  show() {
    const { settings, model, context, t } = services();
    const state = model.state();
    this.setData({
      settings: settings.get(),
      modes: settings.get().relay ? modeChoices(context()) : [],
      privacyLines: privacyLines(context()),
      languages: languageChoices(context()),
      model: {
        state: modelStateLine(state, context(), (code) => problemLine(code, { t })),
        name: state.model ? `${state.model.name} ${state.model.version}` : "–",
        engine: state.engine || "–",
      },
    });
  },

  async measure() {
    const { scanner, context, problem, t } = services();
    try {
      const { bytes } = await scanner.storage();
      const scans = scanner.list();
      const waiting = scans.filter((/** @type {Scan} */ scan) => isOutgoing(scan, context())).length;
      this.setData({
        scans: scans.length,
        storage: {
          used: t("settings.used", { size: sizeText(bytes) }),
          waiting: waiting || context().hasRelay ? t(waiting ? "settings.waiting" : "settings.nothingWaiting", { n: waiting }) : "",
        },
      });
    } catch (error) {
      this.setData({ problem: problem(error) });
    }
  },

  /** @param {Partial<Settings>} changes */
  change(changes) {
    return this.act(() => services().settings.set(changes));
  },

  /** @param {() => Promise<unknown>} action */
  async act(action) {
    this.setData({ problem: null });
    try {
      await action();
    } catch (error) {
      this.setData({ problem: services().problem(error) });
    }
    this.show();
  },

  /** @param {unknown} error */
  refused(error) {
    const { problem, t } = services();
    const { text: line, detail } = problem(error);
    this.setData({ tested: { text: t("settings.unchanged", { line }), tone: "alarm", detail } });
  },

  taps: {
    /** @param {WechatMiniprogram.CustomEvent<{ id: Mode }>} event */
    chooseMode({ detail }) {
      return this.change({ mode: detail.id });
    },

    /** @param {WechatMiniprogram.CustomEvent<{ id: Settings["language"] }>} event */
    async chooseLanguage({ detail }) {
      await this.change({ language: detail.id });
      this.translate();
      await this.measure();
    },

    /** Withdrawing consent removes the small copies, after a confirmation. */
    toggleKeep() {
      const { orchard, settings, t } = services();
      const keepTaught = !this.data.settings.keepTaught;
      const question = { content: t("settings.forgetPicturesAsk"), yes: t("settings.turnOff"), no: t("common.cancel"), danger: true };
      return this.act(async () => {
        if (keepTaught || !orchard.size() || (await confirm(question))) await settings.set({ keepTaught });
      });
    },

    /** @param {WechatMiniprogram.Input} event */
    typeAddress({ detail }) {
      this.setData({ address: detail.value, tested: null });
    },

    async useBuiltIn() {
      this.setData({ address: this.data.builtIn });
      await this.test();
    },

    /** An address is stored only after a relay answered there. Empty is allowed. */
    async test() {
      if (this.data.testing) return;
      const { relay, t } = services();
      const address = parseAddress(this.data.address);
      this.setData({ testing: true, tested: null });
      try {
        if (address === null) throw failure("relay_address", this.data.address);
        if (address) await relay.hello(address);
        this.setData({ address });
        await services().settings.set({ relay: address });
        this.setData({ tested: { text: t(address ? "settings.tested" : "settings.cleared"), tone: "sure", detail: null } });
      } catch (error) {
        this.refused(error);
      } finally {
        this.setData({ testing: false });
        this.show();
      }
    },

    async clear() {
      const { scanner, t } = services();
      await this.act(async () => {
        const { waiting } = await scanner.storage();
        const lost = waiting ? ` ${t("settings.clearUnsent", { n: waiting })}` : "";
        const given = givenAway(scanner.list());
        const stays = given ? ` ${t("feedback.stays", { n: given })}` : "";
        const content = t("settings.clearAsk", { n: scanner.list().length }) + lost + stays;
        if (!(await confirm({ content, yes: t("common.remove"), no: t("common.cancel"), danger: true }))) return;
        await scanner.removeAll();
        toast(t("settings.clearedAll"));
      });
      await this.measure();
    },

    async update() {
      if (this.data.updating) return;
      const { store, updater, relay, problem, t } = services();
      this.setData({ updating: true, updated: null });
      try {
        const { updated } = await updater.update(relay);
        const now = updated ? store.installed.now().model : null;
        const text = now ? t("settings.updated", { name: now.name, version: now.version }) : t("settings.upToDate");
        this.setData({ updated: { text, tone: "sure", detail: null } });
      } catch (error) {
        this.setData({ updated: problem(error) });
      } finally {
        this.setData({ updating: false });
      }
    },

    openContract() {
      const { privacy, problem } = services();
      privacy.openContract().catch((/** @type {unknown} */ error) => this.setData({ problem: problem(error) }));
    },
  },
});
