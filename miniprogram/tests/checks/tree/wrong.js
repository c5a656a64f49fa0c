// What types.test.js holds the checker against.

new TextDecoder();
wx.noSuchCall();
