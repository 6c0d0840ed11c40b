import { type Blocks, mixed } from './blocks.ts';
import type { LabelSets } from './labels.ts';
import type { Layout } from './layout.ts';

/**
 * Which block a row lies in. Rows of a large cluster of label sets have blocks of their own, so that a search for them reads in
 * sequence and passes the other blocks over; all others share blocks. Every block is full except one per cluster.
 */
export interface Placement {
  /** Blocks from 0 to here may hold rows. */
  readonly blocks: number;
  /** A block with room for a row of this label set. Throws what `full` makes when there is none. */
  roomFor(label: number): number;
  /** Moves a row whose labels have changed to a block of its cluster. Its number may be another one then. */
  byCluster(row: number): void;
  /** Empties a row; its place is taken by the last row of its block. A block is never left with a hole inside. */
  vacate(row: number): void;
  /** Takes over a block filled from outside, by ascending number. `label`: see `Directory`. */
  adopt(block: number, count: number, label: number): void;
  /** All blocks are empty. */
  clear(): void;
}

/** A cluster gets blocks of its own once this many would be full of it. */
const ownBlocksFrom = 4;

/** Blocks that so many rows can take: a cluster is worth `ownBlocksFrom` of them when it begins. */
export const mostBlocks = (maxRows: number, blockRows: number): number => 2 * Math.ceil(maxRows / blockRows) + 16;

export function createPlacement(deps: {
  layout: Layout;
  blockStore: Blocks;
  labels: LabelSets;
  maxBlocks: number;
  moveRow: (from: number, to: number) => void;
  beforeWrite: (block: number) => void;
  full: () => Error;
}): Placement {
  const { blockStore, labels, maxBlocks, moveRow, beforeWrite } = deps;
  const { blockRows } = deps.layout;
  const { blockOf, countOf, setCount, noteLabel, labelAt } = blockStore;
  let blocks = 0;
  let freeBlocks: number[] = [];
  /** Cluster -> its block with room. -1 is the common one, for rows whose cluster is small. */
  const open = new Map<number, number>();
  const clusterOfBlock = new Map<number, number>();

  const clusterOf = (label: number): number => {
    const cluster = labels.clusterOf(label);
    return labels.rowsOfCluster(cluster) > ownBlocksFrom * blockRows ? cluster : mixed;
  };

  /** The cluster that all rows of a filled block belong to, if it is a large one. */
  function clusterOfRows(block: number, count: number): number {
    const first = block * blockRows;
    const cluster = labels.clusterOf(labelAt(first));
    for (let i = 1; i < count; i++) if (labels.clusterOf(labelAt(first + i)) !== cluster) return mixed;
    return clusterOf(labelAt(first));
  }

  function roomIn(cluster: number): number {
    const current = open.get(cluster);
    if (current !== undefined && countOf(current) < blockRows) return current;
    const block = freeBlocks.pop() ?? blocks;
    if (block >= maxBlocks) {
      // Too many clusters with little in them: placement is for speed only, any block will do.
      for (const other of open.values()) if (countOf(other) < blockRows) return other;
      throw deps.full();
    }
    blockStore.grow(block);
    clusterOfBlock.set(block, cluster);
    blocks = Math.max(blocks, block + 1);
    setCount(block, 0, mixed);
    open.set(cluster, block);
    return block;
  }

  function drop(block: number, cluster: number): void {
    if (open.get(cluster) === block) open.delete(cluster);
    clusterOfBlock.delete(block);
    freeBlocks.push(block);
  }

  /** Keeps at most one block with room per cluster: a block that lost a row is refilled from the cluster's open one. */
  function settle(block: number): void {
    const cluster = clusterOfBlock.get(block) ?? mixed;
    const current = open.get(cluster);
    if (current === undefined || current === block) {
      if (countOf(block) > 0) open.set(cluster, block);
      else drop(block, cluster);
      return;
    }
    const last = current * blockRows + countOf(current) - 1;
    if (countOf(current) > 0) {
      beforeWrite(current);
      const row = block * blockRows + countOf(block);
      noteLabel(block, labelAt(last));
      moveRow(last, row);
      setCount(block, countOf(block) + 1);
      setCount(current, countOf(current) - 1);
    }
    if (countOf(current) === 0) drop(current, cluster);
  }

  function vacate(row: number): void {
    const block = blockOf(row);
    beforeWrite(block);
    const last = block * blockRows + countOf(block) - 1;
    if (last !== row) moveRow(last, row);
    setCount(block, countOf(block) - 1);
    settle(block);
  }

  return {
    get blocks() {
      return blocks;
    },
    roomFor: (label) => roomIn(clusterOf(label)),
    byCluster(row) {
      const block = blockOf(row);
      const cluster = clusterOf(labelAt(row));
      if ((clusterOfBlock.get(block) ?? mixed) === cluster) return;
      // Not worth a refusal: placement is for speed only.
      if (freeBlocks.length === 0 && blocks >= maxBlocks) return;
      const target = roomIn(cluster);
      beforeWrite(target);
      noteLabel(target, labelAt(row));
      moveRow(row, target * blockRows + countOf(target));
      setCount(target, countOf(target) + 1);
      vacate(row);
    },
    vacate,
    adopt(block, count, label) {
      blocks = block + 1;
      if (count === 0) {
        freeBlocks.push(block);
        return;
      }
      // Blocks with room: one goes on as the open one of its cluster; the others stay as they are.
      const cluster = label >= 0 ? clusterOf(label) : clusterOfRows(block, count);
      clusterOfBlock.set(block, cluster);
      if (count < blockRows) open.set(cluster, block);
    },
    clear() {
      freeBlocks = Array.from({ length: blocks }, (_, i) => blocks - 1 - i);
      open.clear();
      clusterOfBlock.clear();
    },
  };
}
