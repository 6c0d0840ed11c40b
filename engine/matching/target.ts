import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import type { CellIndex } from './cells/cell-index.ts';
import type { Keeper } from './keeper.ts';
import type { Layout } from './rows/layout.ts';
import type { Attachment } from './scan/messages.ts';

/** What the scheduler needs of a gallery. */
export interface Target {
  readonly id: number;
  readonly name: string;
  readonly version: DescriptorVersion;
  readonly layout: Layout;
  readonly keeper: Keeper;
  /** Absent: all searches are exact. */
  readonly cells: CellIndex | undefined;
  /**
   * Writes the vectors of these keys again, from where the caller of the gallery has them. The rows must be quiet. Throws
   * `StorageFailed` when they are to be had nowhere.
   */
  mend(keys: readonly number[]): Promise<void>;
}

/** What the workers need to know of the gallery, and when they need to be told again. */
export const attachmentOf = ({ id, version, layout, keeper: { rows, vectors } }: Target): Attachment => ({
  gallery: id,
  version,
  layout,
  memories: rows.memories,
  directory: rows.directory.shared,
  vectors: vectors.source,
});
export const shapeOf = ({ keeper: { rows, vectors } }: Target): number => rows.shape + vectors.shape;
