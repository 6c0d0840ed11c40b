import { createHash } from 'node:crypto';
import type { PackManifest } from './manifest.ts';

/**
 * What the vectors of a descriptor pack depend on, as a sha256: its network, and how that is fed and read. Two packs
 * with the same one may give their descriptors the same version number, others never: their vectors would be compared.
 */
export function descriptorMeaningOf({ recipe, feeding, networks, files, descriptor }: PackManifest): string {
  const weights = networks.map(({ file }) => files[file]?.sha256);
  const text = JSON.stringify([recipe, Object.entries(feeding).sort(), weights, descriptor?.length]);
  return createHash('sha256').update(text).digest('hex');
}

/** Whether two packs, say an old and a new release, describe faces alike and call the same vectors alike. */
export function isSameDescriptor(one: PackManifest, other: PackManifest): boolean {
  const similarityOf = ({ descriptor }: PackManifest) => [descriptor?.similarity.slope, descriptor?.similarity.offset];
  return (
    descriptorMeaningOf(one) === descriptorMeaningOf(other) && similarityOf(one).join() === similarityOf(other).join()
  );
}
