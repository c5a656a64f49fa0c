// @ts-check
const { definePage } = require("../../ui/page.js");
const { receiveFile, sendFile } = require("../../ui/files.js");
const { takePhotos } = require("../../ui/photos.js");
const { confirm, toast } = require("../../ui/say.js");
const { services } = require("../../ui/services.js");
const { orchardRows } = require("../../view/orchard.js");

/** As many as one lesson takes. */
const MOST = 6;

definePage({ title: "orchard.title", words: ["orchard"] }, {
  data: {
    rows: /** @type {import("../../view/orchard.js").OrchardRow[] | null} */ (null),
    done: "",
    undoable: false,
    problem: /** @type {Notice | null} */ (null),
  },

  shown() {
    return this.act(() => this.setData({ done: services().lesson.done }));
  },

  show() {
    const { orchard, context } = services();
    this.setData({ rows: orchardRows(orchard.list(), context()), undoable: orchard.canUndo() });
  },

  camera() {
    return this.teach("camera");
  },

  album() {
    return this.teach("album");
  },

  /** @param {"camera" | "album"} source */
  teach(source) {
    return this.act(async () => {
      const photos = await takePhotos(source, MOST);
      if (!photos.length) return;
      services().lesson.photos = photos;
      wx.navigateTo({ url: "/pages/teach/teach" });
    });
  },

  undo() {
    return this.act(async () => {
      const { orchard, t } = services();
      await orchard.undo();
      this.say("");
      toast(t("orchard.undone"));
    });
  },

  /** @param {WechatMiniprogram.BaseEvent} event */
  removePhoto(event) {
    const { orchard, t } = services();
    const { key } = event.currentTarget.dataset;
    return this.forget(t("orchard.removePhotoAsk"), () => orchard.remove(key));
  },

  /** @param {WechatMiniprogram.BaseEvent} event */
  removeClass(event) {
    const { orchard, t } = services();
    const { title: name, photos, id } = this.data.rows[event.currentTarget.dataset.index];
    return this.forget(t("orchard.removeClassAsk", { name, n: photos.length }), () => orchard.removeClass(id));
  },

  /** @param {string} content @param {() => Promise<unknown>} action */
  async forget(content, action) {
    const { t } = services();
    if (!(await confirm({ content, yes: t("common.remove"), no: t("common.cancel"), danger: true }))) return;
    await this.act(async () => {
      await action();
      this.say(t("orchard.forgotten"));
    });
  },

  /**
   * What was done last, beside the way to undo it.
   * @param {string} done
   */
  say(done) {
    services().lesson.done = done;
    this.setData({ done });
  },

  /** @param {WechatMiniprogram.BaseEvent} event */
  openDetail(event) {
    const { id, known } = event.currentTarget.dataset;
    if (known) wx.navigateTo({ url: `/pages/detail/detail?id=${id}` });
  },

  export() {
    return this.act(async () => {
      await sendFile(await services().orchard.exportFile());
    });
  },

  import() {
    return this.act(async () => {
      const { orchard, t } = services();
      const n = this.data.rows.length;
      const content = t("orchard.importAsk", { n });
      if (n && !(await confirm({ content, yes: t("orchard.import"), no: t("common.cancel"), danger: true }))) return;
      const file = await receiveFile();
      if (!file) return;
      await orchard.importFile(file, { replace: true });
      this.say(t("orchard.imported", { n: orchard.list().length }));
    });
  },

  /** @param {() => unknown} action */
  async act(action) {
    this.setData({ problem: null });
    try {
      await action();
      this.show();
    } catch (error) {
      this.setData({ problem: services().problem(error) });
    }
  },
});
