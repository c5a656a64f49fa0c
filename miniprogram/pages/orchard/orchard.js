// @ts-check
const { failure } = require("../../scanner/basics/failure.js");
const { definePage } = require("../../ui/page.js");
const { receiveFile, sendFile } = require("../../ui/files.js");
const { MOST, takePhotos } = require("../../ui/photos.js");
const { confirm, toast } = require("../../ui/say.js");
const { services } = require("../../ui/services.js");
const { idleLine, orchardRows } = require("../../view/orchard/orchard.js");

definePage({ title: "orchard.title", words: ["orchard"] }, {
  data: {
    rows: /** @type {import("../../view/orchard/orchard.js").OrchardRow[] | null} */ (null),
    done: "",
    undoable: false,
    /** Why the taught classes are not used. */
    idle: "",
    /** File of the backup. */
    backup: "",
    problem: /** @type {Notice | null} */ (null),
  },

  opened() {
    this.watch(services().model, () => this.show());
  },

  shown() {
    this.setData({ done: services().lesson.done, backup: "" });
    this.show();
  },

  show() {
    const { orchard, model, context } = services();
    const rows = orchardRows(orchard.list(), context());
    const idle = rows.length ? idleLine(model.state().orchard, context()) : "";
    this.setData({ rows, idle, undoable: orchard.canUndo() });
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

  /** @param {string} content @param {() => Promise<unknown>} action */
  forget(content, action) {
    const { t } = services();
    return this.act(async () => {
      if (!(await confirm({ content, yes: t("common.remove"), no: t("common.cancel"), danger: true }))) return;
      await action();
      this.say(t("orchard.forgotten"));
    });
  },

  /**
   * Shows the last change with a button to undo it.
   * @param {string} done
   */
  say(done) {
    services().lesson.done = done;
    this.setData({ done, backup: "" });
  },

  /** @param {() => unknown} action */
  async act(action) {
    this.setData({ problem: null });
    try {
      await action();
    } catch (error) {
      this.setData({ problem: services().problem(error) });
    }
    // Photos can be taken before everything is open; the list is shown when it is.
    if (this.data.ready) this.show();
  },

  camera() {
    return this.teach("camera");
  },

  album() {
    return this.teach("album");
  },

  taps: {
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

    removeAll() {
      const { orchard, t } = services();
      return this.forget(t("orchard.removeAllAsk", { n: this.data.rows.length }), () => orchard.removeAll());
    },

    /** @param {WechatMiniprogram.BaseEvent} event */
    openDetail(event) {
      const { id, known } = event.currentTarget.dataset;
      if (known) wx.navigateTo({ url: `/pages/detail/detail?id=${id}` });
    },

    export() {
      return this.act(async () => {
        this.setData({ backup: await services().orchard.exportFile() });
      });
    },

    send() {
      const sent = sendFile(this.data.backup);
      return this.act(() => sent);
    },

    import() {
      return this.act(async () => {
        const { orchard, t } = services();
        const n = this.data.rows.length;
        const content = t("orchard.importAsk", { n });
        if (n && !(await confirm({ content, yes: t("orchard.importYes"), no: t("common.cancel"), danger: true }))) return;
        const file = await receiveFile();
        if (!file) return;
        await orchard.importFile(file, { replace: true }).catch((/** @type {any} */ error) => {
          throw error.code === "other_model" ? failure("backup_of_other_model", error.message) : error;
        });
        this.say(t("orchard.imported", { n: orchard.list().length }));
      });
    },
  },
});
