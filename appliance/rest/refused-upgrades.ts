import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { LunaRouter } from '#contract/http/http';

/** How long a client may take to read the answer and close. */
const closeMs = 1000;

/** Hop-by-hop headers, which are the connection's own (RFC 9110 7.6.1). */
const ownHeaders = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade']);

/** Whether the connection turns into a WebSocket at all; a request for anything else (`h2c`) is answered as it stands. */
export function isWebSocketRequest({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
}

/**
 * The application for `createAdaptorServer`. That sends the status of a refused upgrade without the body, which is where
 * LP5 says why; here the whole answer is written before it gets its turn.
 */
export function answerRefusedUpgrades(fetch: LunaRouter['fetch']) {
  return async (request: Request, env: { incoming: unknown; outgoing?: unknown }): Promise<Response> => {
    const response = await fetch(request, env);
    // Who asks for no upgrade has somewhere to write the answer to. Asked for its body, its text would become a web stream.
    if (env.outgoing !== undefined) return response;
    // An accepted upgrade is an empty 200.
    const isAccepted = response.status === 200 && response.body === null;
    if (!isAccepted) await writeAnswer((env.incoming as IncomingMessage).socket, response);
    return response;
  };
}

/** Writes the answer and ends the connection. Afterwards the socket is destroyed, whatever the client did. */
async function writeAnswer(socket: Socket, response: Response): Promise<void> {
  const body = Buffer.from(await response.clone().arrayBuffer());
  const headers = [...response.headers].filter(([name]) => !ownHeaders.has(name));
  const head = [
    `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ''}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${body.byteLength}`,
    'Connection: close',
  ];
  if (!socket.destroyed) {
    await new Promise<void>((resolve) => {
      socket.once('close', resolve);
      setTimeout(resolve, closeMs).unref();
      // What the client still sends is read away: closing over unread bytes resets the connection and loses the answer.
      socket.resume();
      socket.end(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]));
    });
  }
  socket.destroy();
}
