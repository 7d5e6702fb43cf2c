/**
 * Test support: reads bytes with a load format as a slice does, without the steps behind it. Gives texts as strings and values as
 * their numbers' texts; the source lets wait and gives pieces of any size.
 */
import { BATCH_ROWS } from '../common/limits.ts';
import type { ByteSource, LoadFormat, LoadHost, PieceReader } from './load-format.ts';
import type { LoadPiece, RefusedRecord } from './load-work.ts';
import { RegionPool } from '../wasm/region-pool.ts';
import { PHYS_BYTES, physOf, type Phys, type SqlType } from '../types/sql-type.ts';
import { CTX } from '../wasm/memory-map.ts';
import { kernelsModule } from '../wasm/kernels-module.ts';
import { NO_LONG_VALUES } from '../wasm/memory-map.ts';

const CONTEXT = 1024;
const SCRATCH = [64 * 1024, 960 * 1024] as const;
const BASE = 1024 * 1024;
const POOL_BYTES = 63 * 1024 * 1024;
const PIECE: LoadPiece = {
  bucket: 'b',
  key: 'k',
  start: 0,
  end: 0,
  state: { size: 0, modifiedMs: 0 },
  first: true,
  compression: 'none',
};

export interface TestLoaded {
  readonly rows: readonly (readonly (string | null)[])[];
  readonly refused: readonly Omit<RefusedRecord, 'piece'>[];
  readonly lines: number;
  readonly replaced: number;
  /** Bytes of node memory that the piece left taken. */
  readonly kept: number;
  /** Given up by the format: its rows are of no account. */
  readonly failed: boolean;
}
/** One memory for all loads, as a slice has one for all queries: what a load leaves there is no other's business. */
let shared: { readonly memory: WebAssembly.Memory; readonly kernels: WebAssembly.Exports } | undefined;
function machine(): NonNullable<typeof shared> {
  if (shared !== undefined) return shared;
  const memory = new WebAssembly.Memory({ initial: 1024, maximum: 1024, shared: true });
  const env = { memory, grow: () => 0, zone: () => 0, clock: () => 0n, ...NO_LONG_VALUES };
  return (shared = { memory, kernels: new WebAssembly.Instance(kernelsModule(), { env }).exports });
}
/** A source that gives at most `most()` bytes a time, and lets wait when it gives 0. */
export function pieceSource(bytes: Uint8Array, most: () => number): ByteSource {
  let at = 0;
  return {
    read(into) {
      if (at === bytes.length) return 0;
      const n = Math.min(most(), into.length, bytes.length - at);
      if (n === 0) return 'wait';
      into.set(bytes.subarray(at, at + n));
      at += n;
      return n;
    },
    close: () => undefined,
  };
}

export function testLoad<P>(
  format: LoadFormat<never, P>,
  plan: P,
  columns: number,
  bytes: Uint8Array,
  most: () => number = () => Infinity,
  piece: Partial<LoadPiece> = {},
  types: readonly SqlType[] = [],
  /** Objects beside it, by key. */
  others: Readonly<Record<string, Uint8Array>> = {},
): TestLoaded {
  const { memory, kernels } = machine();
  const [view, all] = [new DataView(memory.buffer), new Uint8Array(memory.buffer)];
  const pool = new RegionPool(BASE, POOL_BYTES);
  const refused: Omit<RefusedRecord, 'piece'>[] = [];
  class Failed extends Error {}
  const host: LoadHost = {
    memory: {
      bytes: all,
      view,
      free: (address) => pool.free(address),
      u32: (address) => view.getUint32(address, true),
      setU32: (address, value) => view.setUint32(address, value, true),
    },
    allocate(size) {
      const address = pool.allocate(size);
      if (address === 0) throw new Error('the test load is out of memory');
      return address;
    },
    kernels,
    context: CONTEXT,
    open: ({ key, start, end }) => {
      const all = others[key] ?? bytes;
      return pieceSource(end > start ? all.subarray(start, end) : all, most);
    },
    refuse: (record) => void refused.push(record),
    fail: () => {
      throw new Failed('failed');
    },
  };
  view.setUint32(CONTEXT + CTX.SCRATCH_CUR, SCRATCH[0], true);
  view.setUint32(CONTEXT + CTX.SCRATCH_END, SCRATCH[1], true);
  const rows: (string | null)[][] = [];
  const opened = format.open(host, plan);
  const whole = { ...PIECE, state: { size: bytes.length, modifiedMs: 0 } };
  const before = pool.usedBytes;
  const reader = opened.begin({ ...whole, ...piece });
  let failed = false;
  try {
    read(reader, rows, opened.delivery, columns, types, all, view);
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    failed = true;
  } finally {
    reader.close();
  }
  return { rows, refused, lines: reader.lines, replaced: reader.replaced, kept: pool.usedBytes - before, failed };
}

function read(
  reader: PieceReader,
  rows: (string | null)[][],
  delivery: ReturnType<LoadFormat['open']>['delivery'],
  columns: number,
  types: readonly SqlType[],
  all: Uint8Array,
  view: DataView,
): void {
  for (;;) {
    const count = reader.next();
    if (count === 'wait') continue;
    if (count === 0) return;
    for (let row = 0; row < count; row++) {
      rows.push(
        Array.from({ length: columns }, (_, c) => {
          if (delivery.table !== undefined && view.getUint32(delivery.table + c * 8, true) !== 0)
            return valueText(all, view, delivery.table + c * 8, row, physOf(types[c]!));
          if (delivery.kind === 'vectors') throw new Error('a column without values');
          const slot = c * BATCH_ROWS + row;
          if (all[delivery.nulls + slot] === 1) return null;
          const at = view.getUint32(delivery.fields + slot * 8, true);
          return Buffer.from(all.slice(at, at + view.getUint32(delivery.fields + slot * 8 + 4, true))).toString();
        }),
      );
    }
  }
}

const READ: Readonly<Record<Phys, (view: DataView, at: number, all: Uint8Array) => string>> = {
  i32: (view, at) => String(view.getInt32(at, true)),
  i64: (view, at) => String(view.getBigInt64(at, true)),
  f32: (view, at) => String(view.getFloat32(at, true)),
  f64: (view, at) => String(view.getFloat64(at, true)),
  i128: (view, at) => String(view.getBigUint64(at, true) + (view.getBigInt64(at + 8, true) << 64n)),
  str: (view, at, all) => {
    const address = view.getUint32(at, true);
    return Buffer.from(all.slice(address, address + view.getUint32(at + 4, true))).toString();
  },
};
function valueText(all: Uint8Array, view: DataView, entry: number, row: number, phys: Phys): string | null {
  if (all[view.getUint32(entry + 4, true) + row] === 1) return null;
  return READ[phys](view, view.getUint32(entry, true) + row * PHYS_BYTES[phys], all);
}
