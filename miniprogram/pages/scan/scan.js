// @ts-check
const { definePage } = require("../../ui/page.js");
const { MOST, readPhoto, takePhotos } = require("../../ui/photos.js");
const { services } = require("../../ui/services.js");
const { historyRow } = require("../../view/history/history.js");
const { phoneWorks } = require("../../view/settings/phone-works.js");
const { isOutgoing } = require("../../view/answer/waiting.js");

/** A drawn sample leaf. */
const SAMPLE = "sample/leaf.jpg";

/** Original path of each photo in the strip, until the app ends. @type {Map<string, string>} */
const sources = new Map();

definePage({ title: "scan.title", words: ["scan"] }, {
  data: {
    photos: /** @type {string[]} */ ([]),
    photoLabels: /** @type {string[]} */ ([]),
    removeLabels: /** @type {string[]} */ ([]),
    max: MOST,
    /** Photos that were just taken are being copied. */
    adding: false,
    saving: false,
    go: "",
    stripHint: "",
    waiting: "",
    recent: /** @type {object | null} */ (null),
    /** The phone has identified a photo without a network. */
    works: false,
    problem: /** @type {Notice | null} */ (null),
  },

  async opened() {
    const { draft, model, scanner, problem } = services();
    for (const source of [scanner, model]) this.watch(source, () => this.look());
    try {
      // Photos of an unfinished session come first.
      this.keep([...(await draft.list()), ...this.data.photos]);
    } catch (error) {
      this.setData({ problem: problem(error) });
    }
  },

  shown() {
    this.look();
    this.keep(this.data.photos);
  },

  /** Pending scans and the latest result. */
  look() {
    const { scanner, model, context, url, t } = services();
    const scans = scanner.list();
    const about = context();
    const waiting = scans.filter((/** @type {Scan} */ scan) => scan.state === "waiting" && isOutgoing(scan, about)).length;
    const recent = scans.length ? historyRow(scans[0], about) : null;
    if (recent && recent.thumbnail) recent.thumbnail = url(recent.thumbnail);
    const works = phoneWorks(model.state(), scans);
    this.setData({ recent, works, waiting: waiting ? t("scan.waiting", { n: waiting }) : "" });
  },

  camera() {
    return this.add("camera");
  },

  album() {
    return this.add("album");
  },

  /** Adds the sample to the photos. */
  sample() {
    return this.change(async () => {
      const path = await services().draft.put(await readPhoto(SAMPLE));
      this.keep([...this.data.photos, path]);
    });
  },

  /** @param {"camera" | "album"} source */
  add(source) {
    return this.change(async () => {
      const { draft } = services();
      const taken = await takePhotos(source, MOST - this.data.photos.length);
      if (!taken.length) return;
      this.setData({ adding: true });
      try {
        const kept = await Promise.all(taken.map((path) => draft.add(path)));
        kept.forEach((path, index) => sources.set(path, taken[index]));
        this.keep([...this.data.photos, ...kept]);
      } finally {
        this.setData({ adding: false });
      }
    });
  },

  /** @param {WechatMiniprogram.CustomEvent<{ index: number }>} event */
  remove({ detail }) {
    return this.change(() => {
      const gone = this.data.photos[detail.index];
      this.keep(this.data.photos.filter((/** @type {string} */ path) => path !== gone));
      return services().draft.remove(gone);
    });
  },

  clear() {
    return this.change(() => {
      this.keep([]);
      return services().draft.clear();
    });
  },

  /**
   * Changes the strip, but not under a scan that is being kept safe.
   * @param {() => Promise<void>} action
   */
  async change(action) {
    if (this.data.saving || this.data.adding) return;
    this.setData({ problem: null });
    try {
      await action();
    } catch (error) {
      this.setData({ problem: services().problem(error) });
    }
  },

  /** @param {string[]} all photos, of which one may be named twice */
  keep(all) {
    const { t } = services();
    const photos = Array.from(new Set(all)).slice(0, MOST);
    const numbers = photos.map((_, index) => index + 1);
    this.setData({
      photos,
      go: t("scan.recognise", { n: photos.length }),
      stripHint: t("scan.stripHint", { max: MOST }),
      photoLabels: numbers.map((n) => t("scan.photo", { n })),
      removeLabels: numbers.map((n) => t("scan.removePhoto", { n })),
    });
  },

  openHistory() {
    wx.switchTab({ url: "/pages/history/history" });
  },

  onShareAppMessage() {
    return services().share(null);
  },

  taps: {
    async recognise() {
      if (this.data.saving || this.data.adding) return;
      const { draft, scanner, screen, originals, problem } = services();
      const photos = this.data.photos;
      await this.paint({ saving: true, problem: null });
      try {
        screen.expectPage();
        const scan = await scanner.scan(photos);
        const taken = photos.map((/** @type {string} */ path) => sources.get(path)).filter(Boolean);
        if (taken.length === photos.length) originals.set(scan.id, taken);
        sources.clear();
        this.keep([]);
        // Photos that cannot be removed are offered again; nothing is lost.
        draft.clear().catch(() => {});
        wx.navigateTo({ url: `/pages/result/result?id=${scan.id}` });
      } catch (error) {
        screen.pageDrawn();
        this.setData({ problem: problem(error) });
      } finally {
        this.setData({ saving: false });
      }
    },

    openRecent() {
      wx.navigateTo({ url: `/pages/result/result?id=${this.data.recent.id}` });
    },
  },
});
