import type { Socket } from 'node:net';

/**
 * Ends a connection that announces a packet larger than `limitBytes`: mqtt-packet would gather up to 256 MiB of it.
 * Reads the fixed headers (MQTT 3.1.1, 2.2) of what passes by; the bytes themselves are not touched.
 */
export function limitPackets(socket: Socket, limitBytes: number): void {
  let remaining = 0;
  let lengthBytes = -1;
  let length = 0;

  function tooLarge(chunk: Uint8Array): boolean {
    for (let i = 0; i < chunk.length; i++) {
      if (remaining > 0) {
        const skipped = Math.min(remaining, chunk.length - i);
        remaining -= skipped;
        i += skipped - 1;
      } else if (lengthBytes < 0) {
        lengthBytes = 0;
        length = 0;
      } else {
        const byte = chunk[i] ?? 0;
        length += (byte & 0x7f) * 128 ** lengthBytes;
        lengthBytes += 1;
        if (byte < 0x80 || lengthBytes === 4) {
          if (length > limitBytes) return true;
          remaining = length;
          lengthBytes = -1;
        }
      }
    }
    return false;
  }

  const read = socket.read.bind(socket);
  socket.read = (size?: number) => {
    const chunk: Buffer | null = read(size);
    if (chunk && tooLarge(chunk)) {
      socket.destroy(new Error(`a packet larger than ${limitBytes} bytes`));
      return null;
    }
    return chunk;
  };
}
