import { lunaError } from '#kernel/errors';
import { limits } from '../established/names.ts';
import { mimeOf } from './content-types.ts';

/** One part of `multipart/form-data`. `bytes` is a view into the body. */
export interface Part {
  name: string;
  /** Empty when the part names none. */
  filename: string;
  /** Lower case, without parameters; empty when the part names none. */
  contentType: string;
  bytes: Uint8Array;
}

const maxHeaderBytes = 8 * 1024;
const broken = (reason: string) => lunaError('BadMultipart', { reason });

/** The boundary of a `Content-Type` header. Throws `BadMultipart` 11049 when there is none (RFC 2046, 5.1.1: 1..70). */
function boundaryOf(contentType: string): string {
  const match = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;|$)/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (!boundary) throw broken('the content type names no boundary');
  return boundary;
}

function parameterOf(disposition: string, name: string): string {
  const extended = new RegExp(`;\\s*${name}\\*=utf-8''([^;\\s]*)`, 'i').exec(disposition)?.[1];
  if (extended !== undefined) {
    try {
      return decodeURIComponent(extended);
    } catch {
      throw broken(`the part's ${name}* is not percent-encoded UTF-8`);
    }
  }
  const match = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]*))`, 'i').exec(disposition);
  return (match?.[1]?.replace(/\\(.)/g, '$1') ?? match?.[2] ?? '').slice(0, 255);
}

function parseHeaders(text: string): Pick<Part, 'name' | 'filename' | 'contentType'> {
  const headers = new Map(
    text.split('\r\n').map((line) => {
      const colon = line.indexOf(':');
      if (colon <= 0) throw broken('a part header has no colon');
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const disposition = headers.get('content-disposition') ?? '';
  if (!/^form-data\s*(;|$)/i.test(disposition)) throw broken('a part has no Content-Disposition of form-data');
  const encoding = headers.get('content-transfer-encoding') ?? 'binary';
  if (!/^(binary|8bit|7bit)$/i.test(encoding)) throw broken(`Content-Transfer-Encoding '${encoding.slice(0, 40)}'`);
  return {
    name: parameterOf(disposition, 'name'),
    filename: parameterOf(disposition, 'filename'),
    contentType: mimeOf(headers.get('content-type')),
  };
}

/**
 * Splits a body that is already in memory, without copying it. Throws `BadMultipart` 11049 for whatever does not fit
 * RFC 7578: no boundary, a part without end, broken headers, more than 64 parts, no part at all.
 */
export function parseMultipart(body: Uint8Array, contentType: string): Part[] {
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const delimiter = Buffer.from(`\r\n--${boundaryOf(contentType)}`, 'latin1');
  const first = delimiter.subarray(2);
  let at: number;
  if (buffer.subarray(0, first.length).equals(first)) at = first.length;
  else {
    const preamble = buffer.indexOf(delimiter);
    if (preamble < 0) throw broken('the boundary does not occur in the body');
    at = preamble + delimiter.length;
  }
  const parts: Part[] = [];
  for (;;) {
    const lineEnd = buffer.indexOf('\r\n', at, 'latin1');
    const closing = buffer[at] === 0x2d && buffer[at + 1] === 0x2d;
    if (closing) break;
    // Linear white space may follow a boundary (RFC 2046), nothing else.
    if (lineEnd < 0 || lineEnd - at > 64 || buffer.toString('latin1', at, lineEnd).trim() !== '') {
      throw broken('a boundary line does not end');
    }
    if (parts.length >= limits.multipartParts) throw broken(`more than ${limits.multipartParts} parts`);
    const headersAt = lineEnd + 2;
    const headersEnd = buffer.indexOf('\r\n\r\n', headersAt, 'latin1');
    if (headersEnd < 0 || headersEnd - headersAt > maxHeaderBytes) throw broken('the headers of a part do not end');
    const bytesAt = headersEnd + 4;
    // An empty part's delimiter begins with the line end that closes its headers.
    const end = buffer.indexOf(delimiter, bytesAt - 2);
    if (end < 0) throw broken('the last part does not end with the boundary');
    parts.push({
      ...parseHeaders(buffer.toString('utf8', headersAt, headersEnd)),
      bytes: buffer.subarray(bytesAt, Math.max(bytesAt, end)),
    });
    at = end + delimiter.length;
  }
  if (parts.length === 0) throw broken('there is no part');
  return parts;
}
