/**
 * Constant rows to the slices that store them: by the distribution key's hash, round robin, or all to the owner slice of
 * every node. Each slice gets one buffer (execution/messages.ts, SentRows); owners share theirs.
 */
import type { Steps } from '../../common/steps.ts';
import type { SentRows } from '../../execution/messages.ts';
import { ColumnValues, type PackedRows } from '../../types/packed-rows.ts';
import type { DistributionHash } from './distribution-hash.ts';

export type Deal =
  /** Column of the distribution key. */
  | { readonly kind: 'hash'; readonly column: number }
  /** First receiver. */
  | { readonly kind: 'even'; readonly first: number }
  | { readonly kind: 'owners' };

export interface DealtRows {
  readonly slice: number;
  readonly rows: SentRows;
}

/** Rows between two steps. */
const PIECE = 4096;
const ALIGN = 16;
/** Buffers from this size on are shared with the slice instead of copied. */
const SHARED_BYTES_MIN = 64 * 1024;
const TEXT_BYTES = 8;

const aligned = (bytes: number): number => (bytes + ALIGN - 1) & -ALIGN;

export function* dealRows(
  rows: PackedRows,
  attnums: readonly number[],
  deal: Deal,
  topology: { readonly sliceCount: number; readonly slicesPerNode: number },
  hash: DistributionHash,
): Steps<DealtRows[]> {
  const { sliceCount, slicesPerNode } = topology;
  if (deal.kind === 'owners') {
    const sent = yield* gather(rows, attnums, undefined);
    const owners = Array.from({ length: sliceCount / slicesPerNode }, (_, node) => node * slicesPerNode);
    return owners.map((slice) => ({ slice, rows: sent }));
  }
  const own = Array.from({ length: sliceCount }, () => [] as number[]);
  for (let row = 0; row < rows.length; row++) {
    const slice =
      deal.kind === 'even'
        ? (deal.first + row) % sliceCount
        : hash.target(rows.columns[deal.column]!, row, sliceCount);
    own[slice]!.push(row);
    if (row % PIECE === PIECE - 1) yield;
  }
  const out: DealtRows[] = [];
  for (const [slice, list] of own.entries())
    if (list.length > 0) out.push({ slice, rows: yield* gather(rows, attnums, list) });
  return out;
}

/** `list` undefined: all rows. */
function* gather(rows: PackedRows, attnums: readonly number[], list: readonly number[] | undefined): Steps<SentRows> {
  const count = list?.length ?? rows.length;
  let end = 0;
  const place = (bytes: number): number => {
    const at = end;
    end = aligned(end + bytes);
    return at;
  };
  const columns = rows.columns.map((c, i) => {
    const hasTexts = c.phys === 'str';
    const values = place(count * c.width);
    // An offset of 0 would mean that there are none.
    if (c.nulls !== undefined && end === 0) end = ALIGN;
    const nulls = c.nulls === undefined ? 0 : place(count);
    return { attnum: attnums[i]!, width: c.width, values, nulls, hasTexts };
  });
  const texts: number[] = [];
  for (const c of rows.columns) {
    texts.push(end);
    if (c.phys === 'str') end += yield* textBytes(c, list, count);
  }
  const bytes = new Uint8Array(end >= SHARED_BYTES_MIN ? new SharedArrayBuffer(end) : new ArrayBuffer(end));
  const view = new DataView(bytes.buffer);
  for (const [i, c] of rows.columns.entries()) {
    const { values, nulls, hasTexts } = columns[i]!;
    let text = texts[i]!;
    for (let n = 0; n < count; n++) {
      if (n % PIECE === PIECE - 1) yield;
      const row = list?.[n] ?? n;
      if (nulls !== 0) bytes[nulls + n] = c.nulls![row]!;
      if (c.isNull(row)) continue;
      if (hasTexts) {
        const own = c.textOf(row);
        bytes.set(own, text);
        view.setUint32(values + n * TEXT_BYTES, text, true);
        view.setUint32(values + n * TEXT_BYTES + 4, own.length, true);
        text += own.length;
      } else copy(c.values, row * c.width, bytes, values + n * c.width, c.width);
    }
  }
  return { count, bytes, columns };
}

function copy(from: Uint8Array, at: number, to: Uint8Array, target: number, width: number): void {
  for (let i = 0; i < width; i++) to[target + i] = from[at + i]!;
}

function* textBytes(column: ColumnValues, list: readonly number[] | undefined, count: number): Steps<number> {
  let bytes = 0;
  for (let n = 0; n < count; n++) {
    const row = list?.[n] ?? n;
    if (!column.isNull(row)) bytes += column.textLength(row);
    if (n % PIECE === PIECE - 1) yield;
  }
  return bytes;
}
