import exifReader from 'exif-reader';

export type ExifTags = Record<string, string | number | number[]>;

const longestText = 500;
const mostTags = 200;

function toTag(value: unknown): ExifTags[string] | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'string') return value.replace(/\0+$/, '').slice(0, longestText).toWellFormed();
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  if (Array.isArray(value) && value.length <= 16 && value.every((item) => typeof item === 'number')) return value;
  return undefined;
}

/** Tags by name out of an EXIF block (as libvips gives it); null when there are none that can be read. Never throws. */
export function readExif(block: Uint8Array): ExifTags | null {
  try {
    const groups = Object.values(exifReader(Buffer.from(block))).filter((group) => typeof group === 'object');
    const tags: ExifTags = {};
    for (const [name, value] of groups.flatMap((group) => Object.entries(group as object)).slice(0, mostTags)) {
      const tag = toTag(value);
      if (tag !== undefined && /^\w+$/.test(name)) tags[name] = tag;
    }
    return Object.keys(tags).length ? tags : null;
  } catch {
    // A broken EXIF block does not make the picture worse.
    return null;
  }
}
