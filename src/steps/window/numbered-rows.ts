/**
 * Sorted, marked rows by their number: pieces of tuples in memory or of lists of these, or pages on disk. What is asked for is a
 * list of addresses and marks, made when it is wanted; readers hold what they stand on.
 */
import { assert } from '../../common/assert.ts';
import { windowTooLarge } from '../../common/errors/catalogue.ts';
import { WINDOW_ROWS_MAX } from '../../common/limits.ts';
import type { BreakerHost } from '../breakers/host.ts';
import type { Page } from '../breakers/partitions.ts';
import { LISTED_BYTES } from '../sort/packed-sort.ts';

/** Addresses and marks of rows that follow each other. */
export interface Span {
  readonly base: number;
  readonly rows: number;
  readonly list: number;
}
type Piece =
  | { readonly kind: 'list' | 'tuples'; readonly start: number; readonly rows: number }
  | { readonly kind: 'page'; readonly page: Page; readonly rows: number };
/** With the page that was read for it, or 0. */
interface HeldSpan extends Span {
  readonly start: number;
}

export class NumberedRows {
  rows = 0;
  private readonly pieces: Piece[] = [];
  /** The number of each piece's first row. */
  private readonly firstRows: number[] = [];
  private readonly held = new Map<number, HeldSpan>();

  constructor(
    private readonly host: BreakerHost,
    private readonly size: number,
    private readonly readPage: (page: Page) => number,
  ) {}
  add(piece: Piece): void {
    this.firstRows.push(this.rows);
    this.pieces.push(piece);
    this.rows += piece.rows;
    if (this.rows > WINDOW_ROWS_MAX) throw windowTooLarge(String(WINDOW_ROWS_MAX));
  }
  /** The span that row `index` is in; it is held until `release`. */
  span(index: number): Span {
    assert(index >= 0 && index < this.rows, `row ${index} of ${this.rows}`);
    const number = this.pieceOf(index);
    const piece = this.pieces[number]!;
    const base = this.firstRows[number]!;
    if (piece.kind === 'list') return { base, rows: piece.rows, list: piece.start };
    const known = this.held.get(number);
    if (known !== undefined) return known;
    const span = this.listed(base, piece);
    this.held.set(number, span);
    return span;
  }
  private listed(base: number, piece: Exclude<Piece, { kind: 'list' }>): HeldSpan {
    const { rows } = piece;
    const list = this.host.mustAllocate(rows * LISTED_BYTES);
    let start = 0;
    let isRead = false;
    try {
      if (piece.kind === 'page') start = this.readPage(piece.page);
      isRead = true;
    } finally {
      if (!isRead) this.host.memory.free(list);
    }
    const first = piece.kind === 'page' ? start : piece.start;
    this.host.kernels.list_marked(first, first + rows * this.size, this.size, list);
    return { base, rows, list, start };
  }
  private pieceOf(index: number): number {
    let [low, high] = [0, this.firstRows.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.firstRows[middle]! <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }
  /** Spans that nobody stands on go. */
  release(isUsed: (span: Span) => boolean): void {
    for (const [number, span] of this.held) {
      if (isUsed(span)) continue;
      this.host.memory.free(span.list);
      if (span.start !== 0) this.host.memory.free(span.start);
      this.held.delete(number);
    }
  }
  free(): void {
    this.release(() => false);
    for (const piece of this.pieces) if (piece.kind === 'list') this.host.memory.free(piece.start);
    this.pieces.length = 0;
  }
}
