/** Descriptors and their comparison (LP5 blocks 12xxx, 31xxx, 34001). */
import { badInput, entry, forbidden, notFound } from './entry.ts';

export const matchingErrors = {
  BadXpk: entry<{ id: string }>(12026, 400, badInput, (p) => `XPK file '${p.id}' cannot be read`),
  UnknownDescriptorVersion: entry<{ version: number | string }>(
    12036,
    400,
    badInput,
    (p) => `Unknown descriptor version ${p.version}`,
  ),
  InvalidDescriptor: entry<{ id: string; reason: string }>(
    12038,
    400,
    badInput,
    (p) => `Invalid descriptor '${p.id}': ${p.reason}`,
  ),
  CrossMatchTooLarge: entry<{ limit: number }>(
    31002,
    400,
    badInput,
    (p) => `The sets to match are larger than ${p.limit}`,
  ),
  TooManyReferences: entry<{ count: number; limit: number }>(
    31007,
    400,
    badInput,
    (p) => `${p.count} references in one request, at most ${p.limit} are allowed`,
  ),
  /** [P] number and status. */
  GalleryFull: entry<{ gallery: string; what: string; limit: number }>(
    31012,
    507,
    'Insufficient storage',
    (p) => `The gallery '${p.gallery}' holds at most ${p.limit} ${p.what}`,
  ),
  /** [P] number: rejections are ours. */
  RejectionNotFound: entry<{ rejectionId: string }>(
    31100,
    404,
    notFound,
    (p) => `Rejection '${p.rejectionId}' not found`,
  ),
  NoMatcher: entry(31011, 403, forbidden, 'No matcher is available for this request'),
  DescriptorVersionNotSupported: entry<{ version: number | string }>(
    34001,
    403,
    forbidden,
    (p) => `Descriptor version ${p.version} is not supported`,
  ),
} as const;
