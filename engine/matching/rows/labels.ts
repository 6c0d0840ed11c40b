import { lunaError } from '#kernel/errors';

/**
 * Labels of rows: small integers that the caller chooses (a list, an account, a source). A row holds the number of its
 * *set* of labels, one u32, because rows by the thousand carry the same set; the sets are kept here once.
 *
 * Sets that differ only in labels by which rows are not kept together (a day) form one *cluster*.
 */
export interface LabelSets {
  /** Number of the set, counted up by one row. Throws `GalleryFull` past the limit of different sets. */
  take(labels: readonly number[]): number;
  /** One row less carries the set; a set that no row carries is forgotten. */
  release(set: number): void;
  /** Number of the set's cluster. */
  clusterOf(set: number): number;
  /** Rows whose set is of the cluster. */
  rowsOfCluster(cluster: number): number;
  labelsOf(set: number): readonly number[];
  /**
   * One bit per set: which sets satisfy every group of `allOf`, a group being satisfied by any of its labels.
   * `[[account], [list1, list2]]` = of this account and in one of these lists.
   */
  allow(allOf: readonly (readonly number[])[]): Uint32Array<ArrayBuffer>;
  /** Rows whose set is one of these. */
  countAllowed(allow: Uint32Array): number;
  clear(): void;
  /** For the snapshot: sets with their rows, by number. */
  dump(): { labels: readonly number[]; rows: number }[];
  restore(sets: readonly { labels: readonly number[]; rows: number }[]): void;
}

interface Cluster {
  readonly number: number;
  readonly key: string;
  rows: number;
}

interface LabelSet {
  readonly labels: readonly number[];
  readonly cluster: Cluster;
  rows: number;
}

/** `clusterBy`: the labels whose rows are kept together. */
export function createLabelSets(
  gallery: string,
  maxSets: number,
  clusterBy: (label: number) => boolean = () => true,
): LabelSets {
  /** By the labels that count, and by number. One without rows is forgotten and its number taken again. */
  const clusters = new Map<string, Cluster>();
  let numbered: Cluster[] = [];
  let freeNumbers: number[] = [];
  const clusterFor = (labels: readonly number[]): Cluster => {
    const key = labels.filter(clusterBy).join();
    const known = clusters.get(key);
    if (known) return known;
    const cluster = { number: freeNumbers.pop() ?? numbered.length, key, rows: 0 };
    clusters.set(key, cluster);
    numbered[cluster.number] = cluster;
    return cluster;
  };
  let sets: LabelSet[] = [{ labels: [], cluster: clusterFor([]), rows: 0 }];
  const numbers = new Map<string, number>([['', 0]]);
  let free: number[] = [];

  const keyOf = (labels: readonly number[]): string => labels.join();
  const isAscending = (labels: readonly number[]): boolean =>
    labels.every((label, i) => i === 0 || label > (labels[i - 1] as number));
  const sorted = (labels: readonly number[]): readonly number[] =>
    isAscending(labels) ? labels : [...new Set(labels)].sort((a, b) => a - b);
  const isSame = (a: readonly number[], b: readonly number[]): boolean =>
    a.length === b.length && a.every((label, i) => label === b[i]);
  /** The set taken last: rows that come one after the other mostly carry the same. */
  let last = 0;

  return {
    take(given) {
      const labels = sorted(given);
      const recent = sets[last];
      if (recent && recent.rows > 0 && isSame(recent.labels, labels)) {
        recent.rows += 1;
        recent.cluster.rows += 1;
        return last;
      }
      const key = keyOf(labels);
      const known = numbers.get(key);
      if (known !== undefined) {
        const set = sets[known];
        if (set) {
          set.rows += 1;
          set.cluster.rows += 1;
        }
        last = known;
        return known;
      }
      if (free.length === 0 && sets.length >= maxSets) {
        throw lunaError('GalleryFull', { gallery, what: 'different sets of labels', limit: maxSets });
      }
      const number = free.pop() ?? sets.length;
      const cluster = clusterFor(labels);
      cluster.rows += 1;
      sets[number] = { labels: [...labels], cluster, rows: 1 };
      numbers.set(key, number);
      last = number;
      return number;
    },
    release(number) {
      const set = sets[number];
      if (!set) return;
      set.rows -= 1;
      const { cluster } = set;
      cluster.rows -= 1;
      // That of no labels stays: the empty set always belongs to it.
      if (cluster.rows === 0 && cluster.key !== '') {
        clusters.delete(cluster.key);
        freeNumbers.push(cluster.number);
      }
      if (set.rows > 0 || number === 0) return;
      numbers.delete(keyOf(set.labels));
      free.push(number);
    },
    clusterOf: (set) => sets[set]?.cluster.number ?? 0,
    rowsOfCluster: (cluster) => numbered[cluster]?.rows ?? 0,
    labelsOf: (set) => sets[set]?.labels ?? [],
    allow(allOf) {
      const groups = allOf.map((group) => new Set(group));
      const bitmap = new Uint32Array(Math.ceil(sets.length / 32));
      sets.forEach(({ labels, rows }, number) => {
        if (rows === 0 || !groups.every((group) => labels.some((label) => group.has(label)))) return;
        bitmap[number >> 5] = (bitmap[number >> 5] as number) | (1 << (number & 31));
      });
      return bitmap;
    },
    countAllowed: (allow) =>
      sets.reduce((sum, { rows }, n) => (((allow[n >> 5] as number) >>> (n & 31)) & 1 ? sum + rows : sum), 0),
    clear() {
      this.restore([{ labels: [], rows: 0 }]);
    },
    dump: () => sets.map(({ labels, rows }) => ({ labels, rows })),
    restore(dumped) {
      clusters.clear();
      numbered = [];
      freeNumbers = [];
      sets = dumped.map(({ labels, rows }) => {
        const cluster = clusterFor(labels);
        cluster.rows += rows;
        return { labels, cluster, rows };
      });
      numbers.clear();
      free = [];
      sets.forEach(({ labels, rows }, number) => {
        if (rows > 0 || number === 0) numbers.set(keyOf(labels), number);
        else free.push(number);
      });
    },
  };
}
