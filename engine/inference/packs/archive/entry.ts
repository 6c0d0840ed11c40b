/** One entry of an archive, as its reader found it. */
export interface ArchiveEntry {
  /** As it stands in the archive: it may lead anywhere. */
  readonly path: string;
  /** `other`: links, devices, pipes, and whatever else has no place in a pack. */
  readonly kind: 'file' | 'folder' | 'other';
  /** What the archive says; only the bytes that come are to be believed. */
  readonly statedBytes: number;
  /** The unpacked bytes of a file, once. */
  content(): Promise<AsyncIterable<Uint8Array>>;
}

/** Is given every entry, one after the other; what it throws ends the reading. */
export type VisitEntry = (entry: ArchiveEntry) => Promise<void>;

/** A name from an archive as it may stand in a message: bounded, and without control characters. */
export const shownName = (name: string): string =>
  JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}...` : name);
