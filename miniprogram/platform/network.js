// @ts-check

/**
 * Whether there is a network. Until WeChat says, there is: a request that fails says it better than a guess.
 * @param {WechatMiniprogram.Wx} wx
 * @returns {Network}
 */
function createNetwork(wx) {
  let online = true;
  /** @type {Set<(online: boolean) => void>} */
  const listeners = new Set();

  /** @param {boolean} now */
  function become(now) {
    if (now === online) return;
    online = now;
    for (const listener of Array.from(listeners)) listener(online);
  }

  let told = false;
  wx.onNetworkStatusChange(({ isConnected }) => {
    told = true;
    become(isConnected);
  });
  wx.getNetworkType({
    success({ networkType }) {
      // A change that came meanwhile is newer.
      if (!told) become(networkType !== "none");
    },
  });

  return {
    online: () => online,
    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

module.exports = { createNetwork };
