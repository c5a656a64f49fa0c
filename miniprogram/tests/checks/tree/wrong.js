// Errors that types.test.js expects the checker to find.

new TextDecoder();
wx.noSuchCall();
