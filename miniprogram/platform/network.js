// @ts-check

/**
 * Whether there is a network. Assumed until WeChat reports the state: a failed request is more reliable than a guess.
 * @param {WechatMiniprogram.Wx} wx
 * @returns {Network}
 */
function createNetwork(wx) {
  let online = true;
  let type = "unknown";
  /** @type {Set<(online: boolean) => void>} */
  const listeners = new Set();

  /**
   * @param {boolean} now
   * @param {string} networkType
   */
  function become(now, networkType) {
    type = networkType;
    if (now === online) return;
    online = now;
    for (const listener of Array.from(listeners)) listener(online);
  }

  let changes = 0;
  wx.onNetworkStatusChange(({ isConnected, networkType }) => {
    changes += 1;
    become(isConnected, networkType);
  });

  /** @returns {Promise<void>} */
  function look() {
    const before = changes;
    return new Promise((resolve) => {
      wx.getNetworkType({
        success({ networkType }) {
          // A change event that came meanwhile is newer.
          if (changes === before) become(networkType !== "none", networkType);
          resolve();
        },
        fail: () => resolve(),
      });
    });
  }

  look();

  return {
    online: () => online,
    wifi: () => type === "wifi",
    look,
    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

module.exports = { createNetwork };
