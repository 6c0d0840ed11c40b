/** JSON from outside: bounded in depth before it is parsed, because what comes after recurses into it; parsed once. */
import { type LunaError, lunaError } from '#kernel/errors';
import { limits } from '../established/names.ts';

const [quote, backslash, comma, colon] = Buffer.from('"\\,:') as unknown as [number, number, number, number];
const [openArray, closeArray, openObject, closeObject] = Buffer.from('[]{}');

/** `BadJson` 12022 for a body whose member at `path` stands deeper than `limits.bodyDepth`. */
export function tooDeep(path: readonly string[]): LunaError {
  const message = `more than ${limits.bodyDepth} arrays and objects inside each other`;
  return lunaError('BadJson', { path: path.join('.'), message });
}

/** The place of the quote that closes the string whose first character is at `start`. */
function endOfString(bytes: Buffer, start: number): number {
  for (let at = bytes.indexOf(quote, start); at >= 0; at = bytes.indexOf(quote, at + 1)) {
    let slashes = 0;
    while (at - slashes > start && bytes[at - slashes - 1] === backslash) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return bytes.length;
}

const longestKey = 40;
const isArray = -1;

/** Throws `tooDeep`. Text that is no JSON is left for the parser to refuse. */
function requireShallow(bytes: Buffer): void {
  let depth = 0;
  let string: [start: number, end: number] = [0, 0];
  // Of each array or object that is open: of an array the index of its member, of an object where the member's key is.
  const starts = new Int32Array(limits.bodyDepth);
  const ends = new Int32Array(limits.bodyDepth);
  const pathTo = (): string[] =>
    Array.from({ length: depth }, (_, level) => {
      const [start, end] = [starts[level] as number, ends[level] as number];
      return end === isArray ? String(start) : bytes.toString('utf8', start, Math.min(end, start + longestKey));
    });
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === quote) {
      string = [i + 1, endOfString(bytes, i + 1)];
      i = string[1];
    } else if (byte === openArray || byte === openObject) {
      if (depth === limits.bodyDepth) throw tooDeep(pathTo());
      starts[depth] = 0;
      ends[depth] = byte === openArray ? isArray : 0;
      depth += 1;
    } else if (byte === closeArray || byte === closeObject) depth = Math.max(0, depth - 1);
    else if (byte === comma && ends[depth - 1] === isArray) starts[depth - 1] = (starts[depth - 1] as number) + 1;
    else if (byte === colon && ends[depth - 1] !== isArray) [starts[depth - 1], ends[depth - 1]] = string;
  }
}

/** The value of a JSON text in UTF-8. Throws `EmptyJson` 12005, `NotJson` 12002, `BadJson` 12022 when it is too deep. */
export function parseJsonBytes(bytes: Uint8Array): unknown {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  requireShallow(buffer);
  // Drops a byte order mark, as `Request.text` does.
  const text = new TextDecoder().decode(buffer);
  if (text.trim() === '') throw lunaError('EmptyJson');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw lunaError('NotJson', { reason: (error as Error).message.slice(0, 200) });
  }
}
