/** Messages that clients send over web sockets. */
import type { LibraryModel } from './vocabulary';

const MESSAGE = 'input the message of a client';

export const socketIo = {
  package: 'npm:socket.io',
  source: 'https://socket.io/docs/v4/server-api/#socketoneventname-callback',
  types: { Server: {}, Namespace: {}, Socket: {} },
  gives: [
    { construct: ['Server', 'default'], gives: 'Server' },
    { call: 'default', gives: 'Server' },
    { call: 'Server.of', gives: 'Namespace' },
    { property: 'Server.sockets', gives: 'Namespace' },
    { call: ['Server.use', 'Namespace.use'], gives: 'receiver' },
  ],
  inputs: [{ property: ['Socket.handshake'], label: 'the request' }],
  callbacks: [
    { call: ['Server.on', 'Namespace.on'], argument: 1, receives: ['Socket'] },
    { call: ['Socket.on', 'Socket.once'], argument: 1, receives: [MESSAGE, MESSAGE, MESSAGE] },
    { call: 'Socket.onAny', argument: 0, receives: ['', MESSAGE, MESSAGE] },
  ],
  neutral: ['Socket.emit', 'Socket.join', 'Socket.leave', 'Socket.disconnect', 'Server.emit', 'Server.to'],
} as const satisfies LibraryModel;

export const ws = {
  package: 'npm:ws',
  source: 'https://github.com/websockets/ws/blob/master/doc/ws.md#event-message',
  types: { WebSocketServer: {}, WebSocket: {} },
  gives: [
    { construct: ['WebSocketServer', 'Server', 'default.Server'], gives: 'WebSocketServer' },
    { construct: ['WebSocket', 'default'], gives: 'WebSocket' },
  ],
  callbacks: [
    { call: 'WebSocketServer.on', argument: 1, receives: ['WebSocket', 'npm:http#IncomingMessage'] },
    { call: 'WebSocket.on', argument: 1, receives: [MESSAGE] },
  ],
  neutral: ['WebSocket.send', 'WebSocket.close', 'WebSocketServer.close'],
} as const satisfies LibraryModel;
