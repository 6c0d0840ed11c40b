import { bodyStreamOf } from '#contract/http/body-stream';
import { mimeOf } from '#contract/http/content-types';
import type { LunaContext } from '#contract/http/http';
import type { ArchiveFormat } from '#inference/packs/archive/unpack';
import { packLimits } from '#inference/packs/manifest';
import { isLunaError, lunaError } from '#kernel/errors';
import { archiveTypes, type IncomingArchive } from './pack-changes.ts';

/** What browsers of some systems call a zip, and older programs a gzip. */
const aliases: Readonly<Record<string, ArchiveFormat>> = {
  'application/x-zip-compressed': 'zip',
  'application/x-gzip': 'gzip',
};

function formatOf(contentType: string): ArchiveFormat {
  const type = mimeOf(contentType);
  const format = (Object.keys(archiveTypes) as ArchiveFormat[]).find((name) => archiveTypes[name] === type);
  const known = format ?? aliases[type];
  if (!known) throw lunaError('BadContentType', { contentType, allowed: Object.values(archiveTypes).join(', ') });
  return known;
}

async function* bounded(parts: AsyncIterable<Uint8Array>, limitBytes: number): AsyncGenerator<Uint8Array> {
  let received = 0;
  try {
    for await (const part of parts) {
      received += part.length;
      if (received > limitBytes) throw lunaError('BodyTooLarge', { limitBytes });
      yield part;
    }
  } catch (error) {
    if (isLunaError(error)) throw error;
    throw lunaError('BadHttpRequest', { reason: 'the body ended early' }, error);
  }
}

/** The archive in a request body, read as it comes. Throws `BadContentType`, `BodyTooLarge`, `BadHttpRequest`. */
export function incomingArchiveOf(context: LunaContext): IncomingArchive {
  const declared = formatOf(context.req.header('content-type') ?? '');
  const limitBytes = packLimits.archiveBytes;
  if (Number(context.req.header('content-length') ?? 0) > limitBytes) throw lunaError('BodyTooLarge', { limitBytes });
  return { declared, parts: bounded(bodyStreamOf(context), limitBytes) };
}
