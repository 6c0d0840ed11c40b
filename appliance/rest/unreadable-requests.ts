import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type LunaError, lunaError, toErrorBody } from '#kernel/errors';
import type { RequestIds } from './request-id.ts';

/** How long a client may take to read the answer and close. */
const closeMs = 1000;

/** HTTP statuses of what Node's parser and its timers find wrong; everything else is 400. */
const statuses: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

function toLunaError({ code = '' }: NodeJS.ErrnoException): LunaError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return lunaError('RequestTimeout', { what: 'the request did not come whole' });
  const reason = code === 'HPE_HEADER_OVERFLOW' ? 'the address and the headers are too long' : 'it cannot be read';
  return lunaError('BadHttpRequest', { reason });
}

/**
 * Listener of a server's `clientError`: what is no HTTP request, is too long or never ends is answered with LP5's error
 * body, as far as it can be answered, and the connection ends.
 */
export function answerUnreadable(makeRequestId: RequestIds) {
  return (error: NodeJS.ErrnoException, socket: Socket & { _httpMessage?: unknown }): void => {
    // It is being answered already. What still comes is read away: closing over unread bytes would lose the answer.
    if (socket.writableEnded) return;
    // Into an answer that is on its way nothing may be written. Node's own listener looks at the same member.
    if (!socket.writable || error.code === 'ECONNRESET' || socket._httpMessage) {
      socket.destroy();
      return;
    }
    const luna = toLunaError(error);
    const status = statuses[error.code ?? ''] ?? luna.status;
    const body = JSON.stringify(toErrorBody(luna));
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'Content-Type: application/json',
      `Luna-Request-Id: ${makeRequestId()}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
    setTimeout(() => socket.destroy(), closeMs).unref();
  };
}
