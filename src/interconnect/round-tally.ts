/**
 * Where the participants of a recursion count together: who has ended a round adds the rows it made in it, and when all have,
 * everybody reads the same sum. A round's cell is used again by the one after the next, which begins when all have read it.
 *
 *   i64 arrivals of all rounds,  i64 rows of the even rounds,  i64 rows of the odd rounds
 */
const ARRIVALS = 0;
const ROWS = 1;

export class RoundTally {
  private readonly cells: BigInt64Array;
  /** Sums of the even and the odd rounds that were read. */
  private readonly before: [bigint, bigint] = [0n, 0n];
  private round = 0;

  constructor(
    buffer: SharedArrayBuffer,
    private readonly participants: number,
  ) {
    this.cells = new BigInt64Array(buffer);
  }
  static create(): SharedArrayBuffer {
    return new SharedArrayBuffer(3 * 8);
  }
  private get cell(): 0 | 1 {
    return (this.round % 2) as 0 | 1;
  }
  private get isComplete(): boolean {
    return Atomics.load(this.cells, ARRIVALS) >= BigInt((this.round + 1) * this.participants);
  }
  /** This participant has ended the round with so many rows; true when it was the last. */
  arrive(rows: number): boolean {
    Atomics.add(this.cells, ROWS + this.cell, BigInt(rows));
    Atomics.add(this.cells, ARRIVALS, 1n);
    return this.isComplete;
  }
  /** Rows of the round on all participants, and on to the next one; undefined while some still work. */
  next(): number | undefined {
    if (!this.isComplete) return undefined;
    const { cell } = this;
    const sum = Atomics.load(this.cells, ROWS + cell);
    const rows = sum - this.before[cell];
    this.before[cell] = sum;
    this.round++;
    return Number(rows);
  }
}
