/**
 * The row groups that were merged into one, in the order of their rows. The commit log goes on naming groups as they were
 * written, so a merged group has to find the place of any of them. Some words a part, or less when ids follow one another: a
 * table of many small writes has thousands.
 */

/** One former group inside a merged one: its id, its first row there, how many rows it has. */
export interface PartPlace {
  readonly id: number;
  readonly start: number;
  readonly rows: number;
}
/** Words of a run of parts: first id, how many ids in a row, rows of each, first row. */
const RUN_WORDS = 4;

export class GroupParts {
  private readonly runs: Uint32Array;
  /** Numbers of the runs by first id; undefined when they stand in that order. */
  private readonly byId: Uint32Array | undefined;

  /** Flat triples as GroupMeta has them: first id, how many ids in a row, rows of each. */
  constructor(packed: readonly number[]) {
    const count = packed.length / 3;
    this.runs = new Uint32Array(count * RUN_WORDS);
    let start = 0,
      ascends = true;
    for (let i = 0; i < count; i++) {
      this.runs.set([packed[i * 3]!, packed[i * 3 + 1]!, packed[i * 3 + 2]!, start], i * RUN_WORDS);
      start += packed[i * 3 + 1]! * packed[i * 3 + 2]!;
      if (i > 0 && packed[i * 3]! < packed[i * 3 - 3]!) ascends = false;
    }
    if (ascends) return;
    this.byId = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => this.first(a) - this.first(b));
  }
  private get runCount(): number {
    return this.runs.length / RUN_WORDS;
  }
  private first(run: number): number {
    return this.runs[run * RUN_WORDS]!;
  }
  private place(run: number, index: number): PartPlace {
    const at = run * RUN_WORDS;
    const rows = this.runs[at + 2]!;
    return { id: this.runs[at]! + index, start: this.runs[at + 3]! + index * rows, rows };
  }
  /** The last of the runs in order whose key is at most `wanted`; -1 when none is. */
  private lastUpTo(wanted: number, key: (i: number) => number): number {
    let low = 0,
      high = this.runCount;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (key(middle) <= wanted) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  get firstId(): number {
    return this.first(0);
  }
  find(id: number): PartPlace | undefined {
    const { byId } = this;
    const found = this.lastUpTo(id, byId ? (i) => this.first(byId[i]!) : (i) => this.first(i));
    if (found < 0) return undefined;
    const run = byId ? byId[found]! : found;
    const index = id - this.first(run);
    return index < this.runs[run * RUN_WORDS + 1]! ? this.place(run, index) : undefined;
  }
  /** The part that holds a row. */
  at(row: number): PartPlace {
    const run = this.lastUpTo(row, (i) => this.runs[i * RUN_WORDS + 3]!);
    return this.place(run, Math.floor((row - this.runs[run * RUN_WORDS + 3]!) / this.runs[run * RUN_WORDS + 2]!));
  }
  *[Symbol.iterator](): Generator<PartPlace> {
    for (let run = 0; run < this.runCount; run++) {
      for (let n = 0; n < this.runs[run * RUN_WORDS + 1]!; n++) yield this.place(run, n);
    }
  }
  /** The flat triples again. */
  packed(): number[] {
    const packed: number[] = [];
    this.packInto(packed);
    return packed;
  }
  packInto(packed: number[]): void {
    for (let at = 0; at < this.runs.length; at += RUN_WORDS) {
      packRun(packed, this.runs[at]!, this.runs[at + 1]!, this.runs[at + 2]!);
    }
  }
}

/** Appends `count` groups of `rows` rows each, whose ids follow one another, to flat triples. */
export function packRun(packed: number[], id: number, count: number, rows: number): void {
  const n = packed.length;
  if (n > 0 && packed[n - 3]! + packed[n - 2]! === id && packed[n - 1] === rows) packed[n - 2]! += count;
  else packed.push(id, count, rows);
}
