/** Who keeps something beside each row, by row number. */
export interface RowWatch {
  /** A row has a new vector; if there was one before, it has gone first. */
  placed(row: number): void;
  moved(from: number, to: number): void;
  gone(row: number): void;
  cleared(): void;
}
