// @ts-check
const { definePage } = require("../../ui/page.js");
const { services } = require("../../ui/services.js");
const { NEW, lessonGroups } = require("../../view/orchard/lesson.js");
const { cleanLabel, ownClass } = require("../../view/orchard/own-class.js");
const { picturesOf } = require("../../view/picture/pictures.js");

definePage({ title: "teach.title", words: ["teach", "scan", "guide"] }, {
  data: {
    scan: "",
    photos: /** @type {string[]} */ ([]),
    photoLabels: /** @type {string[]} */ ([]),
    groups: /** @type {object[] | null} */ (null),
    text: "",
    chosen: "",
    save: "",
    keep: false,
    asksToKeep: true,
    working: "",
    lost: false,
    problem: /** @type {Notice | null} */ (null),
  },

  /** @param {{ scan?: string }} query */
  opened({ scan = "" }) {
    const { settings, t } = services();
    const photos = this.pictures(scan);
    this.setData({
      scan,
      photos,
      lost: photos.length === 0,
      keep: settings.get().keepTaught,
      asksToKeep: !settings.get().keepTaught,
      photoLabels: photos.map((/** @type {string} */ _, /** @type {number} */ index) => t("scan.photo", { n: index + 1 })),
    });
    this.show();
  },

  /**
   * The photos to teach: those of a scan, or new ones.
   * @param {string} id of the scan, or none
   * @returns {string[]}
   */
  pictures(id) {
    const { lesson, scanner, originals, url } = services();
    if (!id) return lesson.photos;
    const scan = scanner.get(id);
    return scan ? picturesOf(scan, { originals, url }) : [];
  },

  show() {
    const { context } = services();
    const { text, chosen } = this.data;
    this.setData({ groups: lessonGroups(text, context()), save: this.saveLabel(text, chosen) });
  },

  /** @param {string} text @param {string} chosen */
  saveLabel(text, chosen) {
    const { t, nameOf } = services();
    if (!chosen) return t("teach.choose");
    return t("teach.save", { name: chosen === NEW ? cleanLabel(text) : nameOf(chosen) });
  },

  again() {
    wx.switchTab({ url: "/pages/orchard/orchard" });
  },

  taps: {
    /** @param {WechatMiniprogram.CustomEvent<{ text: string }>} event */
    search({ detail }) {
      // A changed text is another name.
      const chosen = this.data.chosen === NEW ? "" : this.data.chosen;
      this.setData({ text: detail.text, chosen });
      this.show();
    },

    /** @param {WechatMiniprogram.CustomEvent<{ id: string }>} event */
    choose({ detail }) {
      this.setData({ chosen: detail.id });
      this.show();
    },

    toggleKeep() {
      this.setData({ keep: !this.data.keep });
    },

    async teach() {
      const { orchard, settings, lesson, problem, t, nameOf } = services();
      const { text, chosen, scan, keep, working } = this.data;
      if (working || !chosen) return;
      // The relay may have answered since the page was opened, and the photos may be removed.
      const photos = this.pictures(scan);
      this.setData({ photos, lost: photos.length === 0 });
      if (!photos.length) return;
      const { id, label } = chosen === NEW ? ownClass(cleanLabel(text), orchard.list()) : { id: chosen, label: null };
      this.setData({ problem: null });
      await this.paint({ working: t("teach.working", { n: photos.length }) });
      try {
        if (keep) await settings.set({ keepTaught: true });
        // All or none: undoing takes back the whole lesson.
        await orchard.teach(id, label, photos);
        lesson.photos = [];
        lesson.done = t("orchard.taught", { name: nameOf(id) });
        wx.switchTab({ url: "/pages/orchard/orchard" });
      } catch (error) {
        this.setData({ problem: problem(error) });
      } finally {
        this.setData({ working: "" });
      }
    },
  },
});
