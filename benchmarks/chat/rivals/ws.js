// Node's ws with a Redis subscription: the plain loop that its documentation shows.
const { WebSocketServer } = require("ws");
const Redis = require("ioredis");

const server = new WebSocketServer({ port: Number(process.argv[2]), host: "127.0.0.1", perMessageDeflate: false });
server.on("connection", (socket) => socket.send('{"type":"welcome"}'));
const redis = new Redis(process.argv[3]);
redis.subscribe("bench");
redis.on("message", (_, text) => {
  for (const socket of server.clients) {
    if (socket.readyState === 1) socket.send(text);
  }
});
