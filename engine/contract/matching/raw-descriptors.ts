/** Descriptors that come in a request body (LP5 7.4): as SDK container, as XPK file, or raw with a version beside. */
import { Unpackr } from 'msgpackr';
import * as z from 'zod';
import {
  defaultDescriptorVersion,
  packSdkDescriptor,
  parseVector,
  unpackSdkDescriptor,
} from '#domain/descriptor/descriptor';
import { descriptorVersions } from '#domain/descriptor/similarity';
import { lunaError } from '#kernel/errors';
import { limits } from '../established/names.ts';
import { descriptorTypes } from '../established/wire-names.ts';
import { tooDeep } from '../http/json-body.ts';

/** Longer than any descriptor is refused before it is decoded. */
const maxDescriptorChars = 65_536;
const Base64 = z.string().min(1).max(maxDescriptorChars).meta({ format: 'byte' });

const RawDescriptorData = z.object({ descriptor: Base64, version: z.int().min(0).max(0xffffffff) });
type RawDescriptorData = z.infer<typeof RawDescriptorData>;

const exampleVector = new Float32Array(128).fill(0.125);
/** A descriptor of the default version; the vector is nobody's. */
export const exampleDescriptor = {
  type: 'sdk_descriptor',
  id: 'visitor',
  data: Buffer.from(packSdkDescriptor(defaultDescriptorVersion, exampleVector)).toString('base64'),
};

/** `{"id", "type", "data"}` of a descriptor that is not stored here. `id` is any string and is echoed. */
export const RawDescriptor = z
  .object({
    type: z.enum(descriptorTypes),
    id: z.string().max(256).default(''),
    data: z.union([Base64, RawDescriptorData]),
  })
  .meta({
    id: 'RawDescriptor',
    example: exampleDescriptor,
    description:
      '`sdk_descriptor`: base64 of the SDK container. `raw_descriptor`: `{"descriptor": base64, "version": n}`, or ' +
      'base64 of the same object in msgpack. `xpk_file`: accepted as a type and answered with 12026, because the ' +
      'format is not public.',
  });
export type RawDescriptor = z.infer<typeof RawDescriptor>;

/** A vector that can be compared with others of the same version. */
export interface VersionedVector {
  version: number;
  vector: Float32Array;
}

/** Members that clients fill as they like: they hold no descriptors. */
const opaque = new Set(['meta']);

/** `value` with base64 for its bytes, so that one schema describes JSON and msgpack. */
export function bytesToBase64(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64');
  if (Array.isArray(value)) return value.map(bytesToBase64);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, opaque.has(name) ? member : bytesToBase64(member)]),
  );
}

/** Throws `BadJson` 12022 with the path of what is too deep. */
function requireShallow(value: unknown, path: string[]): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  if (path.length === limits.bodyDepth) throw tooDeep(path);
  for (const name in value) {
    path.push(name);
    requireShallow((value as Record<string, unknown>)[name], path);
    path.pop();
  }
}

/**
 * Reads msgpack into plain objects. Throws `BadJson` 12022 for what is too deep, and whatever the reader throws on malformed
 * bytes.
 */
export function unpackMsgpack(bytes: Uint8Array): unknown {
  let value: unknown;
  try {
    value = new Unpackr({ useRecords: false, mapsAsObjects: true }).unpack(bytes);
  } catch (error) {
    // The reader calls itself for each level, thousands of times.
    if (error instanceof RangeError && /call stack/.test(error.message)) throw tooDeep([]);
    throw error;
  }
  requireShallow(value, []);
  return bytesToBase64(value);
}

function fromBase64(id: string, data: string): Uint8Array {
  const compact = data.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(compact)) {
    throw lunaError('InvalidDescriptor', { id, reason: 'not base64' });
  }
  return Buffer.from(compact, 'base64');
}

function toRawData(id: string, data: RawDescriptor['data']): RawDescriptorData {
  if (typeof data !== 'string') return data;
  let unpacked: unknown;
  try {
    unpacked = unpackMsgpack(fromBase64(id, data));
  } catch (error) {
    throw lunaError('InvalidDescriptor', { id, reason: 'not msgpack of {descriptor, version}' }, error);
  }
  const parsed = RawDescriptorData.safeParse(unpacked);
  if (!parsed.success) throw lunaError('InvalidDescriptor', { id, reason: 'not msgpack of {descriptor, version}' });
  return parsed.data;
}

/**
 * The vector of a descriptor from a body. Throws, in LP5's order: `BadXpk` 12026, `InvalidDescriptor` 12038 for a form
 * that cannot be read, `UnknownDescriptorVersion` 12036, `InvalidDescriptor` for a wrong length, NaN, infinities, zeros.
 */
export function readRawDescriptor({ type, id, data }: RawDescriptor): VersionedVector {
  if (type === 'xpk_file') throw lunaError('BadXpk', { id });
  if (type === 'raw_descriptor') {
    const raw = toRawData(id, data);
    return toVector(id, raw.version, fromBase64(id, raw.descriptor));
  }
  if (typeof data !== 'string') throw lunaError('InvalidDescriptor', { id, reason: 'not an SDK descriptor' });
  return readSdkDescriptor(id, fromBase64(id, data));
}

/** The vector of an SDK container. Throws as `readRawDescriptor`. */
export function readSdkDescriptor(id: string, packed: Uint8Array): VersionedVector {
  const { version, data } = unpackSdkDescriptor(id, packed);
  return toVector(id, version, data);
}

function toVector(id: string, version: number, bytes: Uint8Array): VersionedVector {
  const known = descriptorVersions.get(version);
  if (!known) throw lunaError('UnknownDescriptorVersion', { version });
  return { version, vector: parseVector(id, known, bytes) };
}
