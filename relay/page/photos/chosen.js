/** A photo with its place in the list. @typedef {{ file: File, place: HTMLElement }} Chosen */
/** @type {Chosen[]} */
let chosen = [];

/** Most photos of one answer. */
const mostPhotos = Number(by("files").dataset.most);

/** How many more photos the answer can have. */
const room = () => mostPhotos - chosen.length;

/** @param {Iterable<File>} files */
function add(files) {
  const all = [...files];
  const accepted = all.slice(0, room()).map((file) => ({ file, place: preview(file) }));
  chosen.push(...accepted);
  by("photos").append(...accepted.map(({ place }) => place));
  forget();
  if (accepted.length < all.length) tell(new Trouble(tooMany(mostPhotos)));
}

/** @param {File} file */
function preview(file) {
  const image = make("img", { alt: file.name, src: URL.createObjectURL(file) });
  const remove = make("button", { type: "button", title: spoken(REMOVE), "aria-label": `${spoken(REMOVE)} ${file.name}` }, "×");
  const place = make("li", {}, make("div", { class: "photo" }, image), remove);
  image.addEventListener("error", () => image.replaceWith(both("p", CANNOT_SHOW)));
  remove.addEventListener("click", () => {
    URL.revokeObjectURL(image.getAttribute("src") ?? "");
    chosen = chosen.filter((one) => one.place !== place);
    place.remove();
    forget();
  });
  return place;
}

/** Shows what the relay answered for one photo: its heat map and, beside other photos, its own answer. */
function showOwn({ place }, prediction, catalog, alone) {
  if (prediction.heatmap) {
    const map = heatMap(prediction.heatmap);
    map.hidden = !(/** @type {HTMLInputElement} */ (by("heat-on")).checked);
    place.querySelector(".photo")?.append(map);
  }
  if (!alone) place.append(ownAnswer(prediction, catalog));
}

/** @param {any} prediction @param {Catalog} catalog */
function ownAnswer(prediction, catalog) {
  const { verdict, classes: [first] } = prediction;
  if (verdict === "not_mango_leaf") return both("p", notMango(prediction, catalog), { class: `own verdict ${verdict}` });
  const named = names(catalog.find(first.id), first.id);
  const [zh, en] = verdict === "confident" ? named : mostLike(named);
  return both("p", [`${zh}，${percent(first.probability)}`, en], { class: `own verdict ${verdict}` });
}

/** Removes what was shown with the photos. */
function forgetOwn() {
  for (const { place } of chosen) for (const shown of place.querySelectorAll("canvas, .own")) shown.remove();
}
