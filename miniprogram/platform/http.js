// @ts-check
const { relayFailure } = require("../scanner/relay/failure.js");

/**
 * @param {WechatMiniprogram.Wx} wx
 * @returns {Http}
 */
function createHttp(wx) {
  return {
    upload({ url, file, name, timeout, signal }) {
      /** @type {Record<string, string>} */
      let headers = {};
      return exchange(signal, (resolve, fail) => {
        const task = wx.uploadFile({
          url,
          filePath: file,
          name,
          timeout,
          success: ({ statusCode, data }) => resolve({ status: statusCode, headers, body: data }),
          fail,
        });
        // Upload results have no headers. An upload that fails at once may return no task.
        if (task) task.onHeadersReceived(({ header }) => {
          headers = lowerCased(header);
        });
        return task;
      });
    },

    request({ url, method = "GET", headers = {}, body, binary = false, timeout, signal }) {
      return exchange(signal, (resolve, fail) =>
        wx.request({
          url,
          method,
          header: headers,
          data: body,
          // Otherwise WeChat parses JSON and returns the result.
          dataType: "其他",
          responseType: binary ? "arraybuffer" : "text",
          timeout,
          success: ({ statusCode, header, data }) =>
            resolve({ status: statusCode, headers: lowerCased(header), body: /** @type {string | ArrayBuffer} */ (data) }),
          fail,
        }),
      );
    },
  };
}

/**
 * @param {Signal | undefined} signal
 * @param {(resolve: (answer: HttpAnswer) => void, fail: (reason: { errno?: number, errMsg: string }) => void)
 *   => { abort(): void } | undefined} start
 * @returns {Promise<HttpAnswer>}
 */
function exchange(signal, start) {
  return new Promise((resolve, reject) => {
    const cancelled = () => reject(relayFailure({ errMsg: "abort" }));
    if (signal && signal.aborted) {
      cancelled();
      return;
    }
    const task = start(resolve, (reason) => reject(relayFailure(reason)));
    if (!signal) return;
    signal.onAbort(() => {
      cancelled();
      if (task) task.abort();
    });
  });
}

/**
 * @param {Record<string, any> | undefined} header
 * @returns {Record<string, string>}
 */
function lowerCased(header = {}) {
  /** @type {Record<string, string>} */
  const headers = {};
  for (const name of Object.keys(header)) headers[name.toLowerCase()] = String(header[name]);
  return headers;
}

module.exports = { createHttp };
