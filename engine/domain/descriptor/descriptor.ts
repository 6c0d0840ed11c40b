import { lunaError } from '#kernel/errors';

/**
 * Face descriptors and their container. Vectors are f32 little-endian. The container is LP5's: bytes "dp\0\0", uint32
 * LE version, then the vector. Our versions start at 20000, so that a VisionLabs descriptor is recognised and refused
 * instead of being compared.
 */

export interface DescriptorVersion {
  readonly version: number;
  readonly name: string;
  readonly length: number;
  /** What the network's authors compare with. */
  readonly metric: 'euclidean' | 'cosine';
  /** similarity = 1 / (1 + exp(-(slope * score + offset))), score = -distance (euclidean) or cosine. */
  readonly similarity: { readonly slope: number; readonly offset: number };
}

/** dlib ResNet of `@vladmandic/face-api`, on 150x150 chips aligned by five mesh points. */
export const defaultDescriptorVersion = 20001;

/** The version that is extracted now: a model pack may have brought another than the embedded one. */
export type VersionInUse = () => number;
export const embeddedVersion: VersionInUse = () => defaultDescriptorVersion;

/** First bytes of LP5's SDK container. */
export const containerMagic = Uint8Array.of(0x64, 0x70, 0, 0);
export const headerBytes = 8;

/** Packs a vector into LP5's SDK container. */
export function packSdkDescriptor(version: number, vector: Float32Array): Uint8Array {
  const packed = new Uint8Array(headerBytes + vector.byteLength);
  packed.set(containerMagic);
  new DataView(packed.buffer).setUint32(4, version, true);
  packed.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), headerBytes);
  return packed;
}

/** Reads the version and the raw vector bytes. Throws `InvalidDescriptor` for anything that is not such a container. */
export function unpackSdkDescriptor(id: string, packed: Uint8Array): { version: number; data: Uint8Array } {
  if (packed.length < headerBytes || containerMagic.some((byte, i) => packed[i] !== byte)) {
    throw lunaError('InvalidDescriptor', { id, reason: 'not an SDK descriptor' });
  }
  const version = new DataView(packed.buffer, packed.byteOffset).getUint32(4, true);
  return { version, data: packed.subarray(headerBytes) };
}

/** Turns stored or received bytes into the vector of a known version. Refuses a wrong length, NaN and infinities. */
export function parseVector(id: string, version: DescriptorVersion, data: Uint8Array): Float32Array {
  if (data.length !== version.length * 4) {
    throw lunaError('InvalidDescriptor', {
      id,
      reason: `version ${version.version} has ${version.length * 4} bytes, got ${data.length}`,
    });
  }
  // A fresh copy: SQLite and base64 give Buffers, whose slice() would share memory at any alignment.
  const vector = new Float32Array(new Uint8Array(data).buffer);
  // A loop, because whole galleries come through here: `every` with a callback takes ten times as long.
  let isZero = true;
  for (let i = 0; i < vector.length; i++) {
    const value = vector[i] as number;
    if (!Number.isFinite(value)) throw lunaError('InvalidDescriptor', { id, reason: 'not all values are finite' });
    if (value !== 0) isZero = false;
  }
  if (isZero) throw lunaError('InvalidDescriptor', { id, reason: 'all values are zero' });
  return vector;
}

/** The bytes of a vector, as stored in SQLite. */
export function vectorBytes(vector: Float32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}
