// Broadcasts with Node's `ws`: whatever arrives at /pub goes to all others. Usage: node ws.js PORT
const { WebSocketServer } = require("ws");
const server = new WebSocketServer({
  host: "127.0.0.1",
  port: Number(process.argv[2]),
  perMessageDeflate: false,
  maxPayload: 2_000_000,
  backlog: 4096,
});
const listeners = new Set();
server.on("connection", (socket, request) => {
  socket.on("error", () => {});
  if (request.url === "/pub") {
    socket.on("message", (data) => {
      for (const listener of listeners) listener.send(data, { binary: true });
    });
  } else {
    listeners.add(socket);
    socket.on("close", () => listeners.delete(socket));
  }
});
