/** The Image Store and the disk beneath it (LP5 blocks 13xxx and 19xxx). */
import { badInput, conflict, entry, notFound } from './entry.ts';

export const storesErrors = {
  ImageNotFound: entry<{ id: string }>(13003, 404, notFound, (p) => `Image '${p.id}' not found`),
  TooManyImageIds: entry<{ count: number }>(
    13004,
    400,
    badInput,
    (p) => `${p.count} image ids in one request, at most 1000 are allowed`,
  ),
  BucketNotFound: entry<{ bucket: string }>(13005, 404, notFound, (p) => `Bucket '${p.bucket}' not found`),
  BucketExists: entry<{ bucket: string }>(13006, 409, conflict, (p) => `Bucket '${p.bucket}' exists already`),
  ObjectNotFound: entry<{ id: string }>(13007, 404, notFound, (p) => `Object '${p.id}' not found`),
  ObjectExists: entry<{ id: string }>(13008, 409, conflict, (p) => `Object '${p.id}' exists already`),
  /** [P] which number of the local-storage block means "no space"; 507 as RFC 4918 has it. */
  StorageFull: entry(19012, 507, 'Insufficient storage', 'No space is left on the storage device'),
  StorageFailed: entry<{ reason: string }>(
    19001,
    500,
    'Local storage error',
    (p) => `The local storage failed: ${p.reason}`,
  ),
} as const;
