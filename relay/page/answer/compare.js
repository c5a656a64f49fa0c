/**
 * The two likeliest classes of an unsure answer side by side. The visitor's choice stays on the page.
 * @param {any} prediction
 * @param {Catalog} catalog
 * @param {(entry: any) => void} settled called with the chosen class, or null when the choice is undone
 */
function compare(prediction, catalog, settled) {
  const [zh, en] = inBoth((context) => comparison(prediction, context), catalog);
  if (!zh) return [];
  const status = make("div", { role: "status" });
  const undone = () => {
    for (const input of inputs) input.checked = false;
    status.replaceChildren();
    settled(null);
    inputs[0].focus();
  };
  const choose = (/** @type {string} */ id) => {
    status.replaceChildren(choiceBlock(id, catalog, undone));
    settled(catalog.find(id));
  };
  const sides = zh.sides.map((/** @type {any} */ side, /** @type {number} */ place) => comparedSide([side, en.sides[place]], choose));
  /** @type {HTMLInputElement[]} */
  const inputs = sides.map((/** @type {HTMLElement} */ side) => side.querySelector("input"));
  const fields = make("fieldset", { class: "compare" },
    both("legend", [zh.title, en.title]), both("p", [zh.hint, en.hint], { class: "quiet" }), make("div", { class: "sides" }, ...sides));
  return [fields, status];
}

/** One of the two, as a radio button. @param {any[]} symptom in both languages @param {(id: string) => void} choose */
function comparedSide(symptom, choose) {
  const [{ id, title }, { title: english }] = symptom;
  const marks = `marks-${id}`;
  const input = make("input", { type: "radio", name: "compared", value: id, "aria-label": spoken([title, english]), "aria-describedby": marks });
  input.addEventListener("change", () => choose(id));
  return make("label", { class: "side" },
    make("span", { class: "name" }, input, both("strong", [title, english])), drawing(symptom), marksOf(symptom, { id: marks }));
}

/** @param {string} id @param {Catalog} catalog @param {() => void} undone */
function choiceBlock(id, catalog, undone) {
  const [zh, en] = inBoth((context) => choiceOf({ choice: id }, context), catalog);
  const undo = both("button", [zh.undo, en.undo], { type: "button", class: "link" });
  undo.addEventListener("click", undone);
  return make("div", { class: "choice" }, both("strong", [zh.text, en.text]), both("p", [zh.note, en.note]), undo);
}
