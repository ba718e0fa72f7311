// Loaded before a server that would listen to everybody on a fixed port: it listens to this machine on a free one.
const { Server } = require("node:http");

const { listen } = Server.prototype;
Server.prototype.listen = function (_where, ...others) {
  return listen.call(this, { host: "127.0.0.1", port: 0 }, ...others);
};
