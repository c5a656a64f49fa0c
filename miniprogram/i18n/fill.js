// @ts-check

/**
 * A text with its `{places}` filled. Of `one|many`, the first is for a single `n`.
 * @param {string} text
 * @param {Record<string, string | number>} params
 */
function fill(text, params) {
  const forms = text.split("|");
  const form = forms.length > 1 && params.n !== 1 ? forms[1] : forms[0];
  return form.replace(/\{(\w+)\}/g, (place, name) => (name in params ? String(params[name]) : place));
}

module.exports = { fill };
