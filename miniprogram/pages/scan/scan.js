// @ts-check
const { definePage } = require("../../ui/page.js");
const { takePhotos } = require("../../ui/photos.js");
const { services } = require("../../ui/services.js");
const { historyRow } = require("../../view/history.js");

/** More photos of one tree make an answer no surer. */
const MOST = 6;

definePage({ title: "scan.title", words: ["scan"] }, {
  data: {
    photos: /** @type {string[]} */ ([]),
    photoLabels: /** @type {string[]} */ ([]),
    removeLabels: /** @type {string[]} */ ([]),
    max: MOST,
    saving: false,
    go: "",
    stripHint: "",
    waiting: "",
    recent: /** @type {object | null} */ (null),
    problem: /** @type {Notice | null} */ (null),
  },

  opened() {
    this.unsubscribe = services().scanner.subscribe(() => this.look());
  },

  shown() {
    this.look();
    this.keep(this.data.photos);
  },

  closed() {
    if (this.unsubscribe) this.unsubscribe();
  },

  /** What waits, and what came last. */
  look() {
    const { scanner, context, url, t } = services();
    const scans = scanner.list();
    const waiting = scans.filter((/** @type {Scan} */ scan) => scan.state === "waiting").length;
    const recent = scans.length ? historyRow(scans[0], context()) : null;
    if (recent && recent.thumbnail) recent.thumbnail = url(recent.thumbnail);
    this.setData({ recent, waiting: waiting ? t("scan.waiting", { n: waiting }) : "" });
  },

  camera() {
    return this.add("camera");
  },

  album() {
    return this.add("album");
  },

  /** @param {"camera" | "album"} source */
  async add(source) {
    try {
      const more = await takePhotos(source, MOST - this.data.photos.length);
      if (more.length) this.keep([...this.data.photos, ...more].slice(0, MOST));
    } catch (error) {
      this.setData({ problem: services().problem(error) });
    }
  },

  /** @param {WechatMiniprogram.CustomEvent<{ index: number }>} event */
  remove({ detail }) {
    this.keep(this.data.photos.filter((/** @type {string} */ _, /** @type {number} */ index) => index !== detail.index));
  },

  clear() {
    this.keep([]);
  },

  /** @param {string[]} photos */
  keep(photos) {
    const { t } = services();
    const numbers = photos.map((_, index) => index + 1);
    this.setData({
      photos,
      problem: null,
      go: t("scan.recognise", { n: photos.length }),
      stripHint: t("scan.stripHint", { max: MOST }),
      photoLabels: numbers.map((n) => t("scan.photo", { n })),
      removeLabels: numbers.map((n) => t("scan.removePhoto", { n })),
    });
  },

  async recognise() {
    if (this.data.saving) return;
    const { scanner, originals, problem } = services();
    const photos = this.data.photos;
    this.setData({ saving: true, problem: null });
    try {
      const scan = await scanner.scan(photos);
      originals.set(scan.id, photos);
      this.keep([]);
      wx.navigateTo({ url: `/pages/result/result?id=${scan.id}` });
    } catch (error) {
      this.setData({ problem: problem(error) });
    } finally {
      this.setData({ saving: false });
    }
  },

  openRecent() {
    wx.navigateTo({ url: `/pages/result/result?id=${this.data.recent.id}` });
  },

  openHistory() {
    wx.switchTab({ url: "/pages/history/history" });
  },

  onShareAppMessage() {
    return services().share(null);
  },
});
