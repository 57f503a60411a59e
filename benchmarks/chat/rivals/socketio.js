// socket.io with the Redis adapter, WebSocket only: a room, and an emit into it for each message.
const { createServer } = require("http");
const { Server } = require("socket.io");
const { createAdapter } = require("@socket.io/redis-adapter");
const Redis = require("ioredis");

const http = createServer();
const publisher = new Redis(process.argv[3]);
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false });
io.adapter(createAdapter(publisher, publisher.duplicate()));
io.on("connection", (socket) => socket.join("room"));
const redis = new Redis(process.argv[3]);
redis.subscribe("bench");
redis.on("message", (_, text) => io.to("room").emit("m", JSON.parse(text)));
http.listen(Number(process.argv[2]), "127.0.0.1");
