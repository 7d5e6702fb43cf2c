/**
 * A load from start to end on one participant, with formats and sources of the test's own: values as vectors and fields as
 * text through the emitted parse step into a slice's storage, sources that let wait, NULLs where there may be none,
 * MAXERROR over pieces.
 */
import { beforeAll, expect, test } from 'vitest';
import { memoryDisk } from '../common/disk-memory.ts';
import { BATCH_ROWS } from '../common/limits.ts';
import { atOnce } from '../common/steps.ts';
import { chunkMemory } from '../encodings/encoding.ts';
import type { EncodingKernels } from '../encodings/kernels.ts';
import { Executor, kernelImports } from '../execution/executor.ts';
import type { QueryStart } from '../execution/messages.ts';
import type { QueryRun } from '../execution/query-run.ts';
import type { Surroundings } from '../execution/surroundings.ts';
import { TextRoom, ValueVector, VectorTable } from '../formats/columnar/vectors.ts';
import { delimited, delimitedFormat } from '../formats/delimited.ts';
import type { LoadFormat, LoadHost, OpenedFormat, PieceReader } from '../formats/load-format.ts';
import type { LoadOptions, LoadPiece, LoadResult } from '../formats/load-work.ts';
import identityNext from '../functions/scalar/system/identity_next.ts';
import { Doorbells } from '../interconnect/ring.ts';
import { CodeCache } from '../leader/compiler/code-cache.ts';
import type { BoundExpr } from '../expressions/bound.ts';
import type { StorageTable } from '../slices/storage.ts';
import {
  column,
  kernelModule,
  openTestSlice,
  rowsOf,
  snapshot,
  type Cell,
  type TestNode,
} from '../slices/test-slice.ts';
import { TempDisk } from '../steps/breakers/temp-disk.ts';
import type { SegmentSpec } from '../steps/spec.ts';
import { INT4, INT8, numeric, varchar } from '../types/sql-type.ts';
import { RegionPool } from '../wasm/region-pool.ts';
import { openLoad } from './load.ts';

/**
 * Frames: u32 bytes behind it, u32 rows; then per row i32 and null byte, i64 (a NUMERIC of two places) and null byte, text
 * length (255: NULL) and text.
 */
type Row = readonly [number | null, bigint | null, string | null];
function frame(rows: readonly Row[]): Buffer {
  const body = rows.map(([a, b, c]) => {
    const fixed = Buffer.alloc(15);
    fixed.writeInt32LE(a ?? 0, 0);
    fixed.writeUInt8(a === null ? 1 : 0, 4);
    fixed.writeBigInt64LE(b ?? 0n, 5);
    fixed.writeUInt8(b === null ? 1 : 0, 13);
    fixed.writeUInt8(c === null ? 255 : Buffer.byteLength(c), 14);
    return Buffer.concat([fixed, Buffer.from(c ?? '')]);
  });
  const head = Buffer.alloc(8);
  head.writeUInt32LE(4 + body.reduce((n, b) => n + b.length, 0), 0);
  head.writeUInt32LE(rows.length, 4);
  return Buffer.concat([head, ...body]);
}
class FrameFormat implements OpenedFormat {
  readonly delivery;
  private readonly texts: TextRoom;
  private readonly columns: readonly ValueVector[];
  constructor(private readonly load: LoadHost) {
    const table = new VectorTable(load, 3);
    this.delivery = table.delivery;
    this.texts = new TextRoom(load);
    this.columns = (['i32', 'i64', 'str'] as const).map((phys) => new ValueVector(load, phys));
    this.columns.forEach((c, i) => table.point(i, c.values, c.nulls));
  }
  begin(piece: LoadPiece): PieceReader {
    const source = this.load.open(piece);
    let bytes = Buffer.alloc(0);
    const reader = {
      lines: 0,
      replaced: 0,
      next: (): number | 'wait' => {
        while (bytes.length < 4 || bytes.length < 4 + bytes.readUInt32LE(0)) {
          const into = Buffer.alloc(1000);
          const n = source.read(into);
          if (n === 'wait') return 'wait';
          if (n === 0) return 0;
          bytes = Buffer.concat([bytes, into.subarray(0, n)]);
        }
        const end = 4 + bytes.readUInt32LE(0);
        const rows = this.place(bytes.subarray(4, end));
        bytes = bytes.subarray(end);
        reader.lines += rows;
        return rows;
      },
      record: (row: number) => ({
        line: reader.lines + row,
        rawLine: Buffer.from('a record'),
        rawValue: new Uint8Array(0),
      }),
      close: () => source.close(),
    };
    return reader;
  }
  private place(body: Buffer): number {
    const [a, b, text] = this.columns as readonly [ValueVector, ValueVector, ValueVector];
    this.texts.clear();
    const rows = body.readUInt32LE(0);
    let at = 4;
    for (let i = 0; i < rows; i++) {
      if (body[at + 4] === 1) a.setNull(i);
      else a.setI32(i, body.readInt32LE(at));
      if (body[at + 13] === 1) b.setNull(i);
      else b.setI64(i, body.readBigInt64LE(at + 5));
      const length = body[at + 14]!;
      at += 15;
      if (length === 255) text.setNull(i);
      else text.setI64(i, this.texts.copy(body.subarray(at, at + length)));
      if (length !== 255) at += length;
    }
    return rows;
  }
}
const NO_HOST = { object: () => Promise.reject(new Error('nothing to read')) };
const frames: LoadFormat = {
  split: () => Promise.resolve([]),
  schema: () => Promise.resolve({ delivers: 'vectors', plan: undefined }),
  open: (load) => new FrameFormat(load),
};
const FORMATS: Readonly<Record<string, LoadFormat>> = { frames, delimited };

const TYPES = [INT4, numeric(12, 2), varchar(60)];
const TABLE: StorageTable = {
  tableId: 100_001,
  name: 't',
  columns: [...TYPES.map((type, i) => column(i + 1, type, 'raw')), column(4, INT8, 'raw')],
  sortkey: [],
};
const NEXT: BoundExpr = {
  kind: 'call',
  name: 'identity_next',
  signature: 0,
  args: [TABLE.tableId, 4].map((value) => ({ kind: 'const', type: INT4, value })),
  type: INT8,
  site: 1,
};

/** parse -> insert; the first column is NOT NULL, the last an identity column. */
const segment = (delivers: 'text' | 'vectors'): SegmentSpec => ({
  segment: 0,
  stream: 0,
  locus: 'compute',
  source: {
    kind: 'parse',
    load: 1,
    label: 'parse',
    conversion: { acceptAnyDate: false, roundDec: false, truncateColumns: false },
    columns: TYPES.map((type, i) => ({
      id: i + 1,
      attnum: i + 1,
      type,
      nullable: i > 0,
      delivered: delivers === 'text' ? 'text' : 'value',
    })),
  },
  transforms: [{ kind: 'evaluate', columns: [{ id: 4, expr: NEXT, nullable: false }], content: undefined }],
  sink: {
    kind: 'insert',
    table: TABLE,
    owners: false,
    sorted: false,
    label: 'insert',
    columns: [...TYPES, INT8].map((type, i) => ({
      attnum: i + 1,
      name: `c${i + 1}`,
      type,
      notNull: false,
      expr: { kind: 'column', type, id: i + 1 },
    })),
  },
  dependsOn: [],
});

let kernels: WebAssembly.Module;
beforeAll(async () => {
  kernels = await kernelModule();
}, 120_000);

interface Loaded {
  readonly rows: readonly (readonly Cell[])[];
  readonly result: LoadResult;
  readonly error: unknown;
  /** Turns in which nothing moved. */
  readonly waits: number;
  readonly closed: number;
}
/** `files`: per piece its bytes, given a few hundred at a time; in between the source lets wait. */
function load(format: string, plan: unknown, files: readonly Buffer[], more: Partial<LoadOptions> = {}): Loaded {
  const memory = new WebAssembly.Memory({ initial: 2048, maximum: 2048, shared: true });
  let executor: Executor | undefined = undefined as Executor | undefined;
  const imports = kernelImports(memory, () => executor?.current);
  const { exports } = new WebAssembly.Instance(kernels, imports);
  const third = 32 * 1024 * 1024;
  const node: TestNode = {
    memory,
    kernels: exports as unknown as EncodingKernels,
    chunks: chunkMemory(memory, exports as unknown as EncodingKernels),
    arena: new RegionPool(2 * third, third),
    opened: 0,
  };
  const storage = openTestSlice(node);
  let closed = 0;
  const objects = {
    open: (piece: LoadPiece) => {
      const file = files[Number(piece.key)]!;
      let at = 0;
      let turn = 0;
      return {
        read: (into: Uint8Array) => {
          if (turn++ % 2 === 0) return 'wait' as const;
          const n = file.copy(into, 0, at, at + 300);
          at += n;
          return n;
        },
        close: () => void closed++,
      };
    },
  };
  const surroundings: Surroundings = {
    participant: 0,
    sliceCount: 1,
    slicesPerNode: 1,
    memory,
    pool: new RegionPool(third, third),
    doorbells: Doorbells.create(2),
    kernelExports: exports,
    kernels: exports as unknown as Surroundings['kernels'],
    storage,
    replica: storage,
    temp: new TempDisk(memoryDisk(), 'tmp', 0),
    wantParts: () => undefined,
    nowMicros: () => 0n,
    isCondemned: () => false,
    openLoad: (work, run, number) => openLoad(work, run, number, objects, FORMATS),
  };
  let run: QueryRun | undefined;
  let error: unknown;
  let result: LoadResult | undefined;
  let changes: QueryRun['changes'] = [];
  executor = new Executor(surroundings, {
    done: (_, outcome) => {
      result = outcome.loads[0] as LoadResult;
      ({ changes } = outcome);
    },
    failed: (failed, _, e) => {
      run = failed;
      error = e;
    },
    fault: (e) => {
      throw e;
    },
  });
  const held = new CodeCache((name) => (name === identityNext.name ? identityNext : undefined)).hold();
  const [compiled] = atOnce(held.compiled([segment(format === 'frames' ? 'vectors' : 'text')], 0));
  const { code, normal } = compiled!;
  executor.addModule(code.moduleId, code.module);
  const options: LoadOptions = {
    table: 't',
    format,
    plan,
    errorLimit: 1,
    refusedByAll: new SharedArrayBuffer(4),
    rowsMax: Infinity,
    ...more,
  };
  executor.start({
    query: 1,
    fragments: [{ ...code, spec: normal.spec, literals: normal.literals, lists: [], tables: [] }],
    edges: [],
    recursions: [],
    parameters: [],
    snapshot: snapshot(5, 5),
    xid: 5,
    statement: 1,
    session: {
      nowMicros: 0n,
      statementMicros: 0n,
      randomSeed: undefined,
      floatDigits: 0,
      dateStyle: 0,
      boxedGeometries: true,
      stringMax: 65535,
      zone: undefined,
    },
    loads: [
      {
        load: 1,
        options,
        pieces: files.map((f, i): LoadPiece => ({
          bucket: 'b',
          key: String(i),
          start: 0,
          end: f.length,
          state: { size: f.length, modifiedMs: 0 },
          first: true,
          compression: 'none',
        })),
      },
    ],
    unloads: [],
    series: [],
    identity: {
      columns: [{ attnum: 4, first: 100n, step: 10n, last: 2n ** 63n - 1n, beyond: 4 }],
      slices: 1,
      segments: [0],
    },
    memoryBytesMax: third,
    order: 1,
    memoryShare: 1,
  } satisfies QueryStart);
  let waits = 0;
  while (!executor.idle) if (!executor.tick()) waits++;
  if (error === undefined) storage.commit(5, 1, changes);
  const rows = rowsOf(node, storage, TABLE, snapshot(6)).map((r) => r.cells);
  return { rows, result: result ?? (run!.feeds[0]!.result() as LoadResult), error, waits, closed };
}

const numbered = (from: number, count: number): Row[] =>
  Array.from({ length: count }, (_, k) => {
    const i = from + k;
    return [i, i % 5 === 0 ? null : BigInt(i) * 100n + 25n, i % 7 === 0 ? null : `row ${i} ${'é'.repeat(i % 20)}`];
  });
const withIdentity = (rows: readonly Row[]): Cell[][] => rows.map((r, k) => [...r, 100n + 10n * BigInt(k)]);

test('a format that gives values: its vectors reach storage as they are, NULLs and texts too', () => {
  const batch = Math.min(BATCH_ROWS, 1000);
  const files = [0, 1].map((file) =>
    Buffer.concat([0, 1, 2].map((k) => frame(numbered(file * 3 * batch + k * batch, batch)))),
  );
  const { rows, result, waits, closed } = load('frames', undefined, [...files, Buffer.alloc(0)]);
  expect(rows).toEqual(withIdentity(numbered(0, 6 * batch)));
  expect(result).toMatchObject({
    rows: 6 * batch,
    refusedCount: 0,
    pieces: [
      { lines: 3 * batch, rows: 3 * batch, errors: 0 },
      { lines: 3 * batch, rows: 3 * batch, errors: 0 },
      { lines: 0, rows: 0, errors: 0 },
    ],
  });
  expect(waits).toBeGreaterThan(100);
  expect(closed).toBe(3);
});
test('a value that is NULL where there may be none is a refused record, shown as its format says', () => {
  const rows: Row[] = [
    [1, 1n, 'a'],
    [null, 2n, 'b'],
    [3, 3n, 'c'],
  ];
  const loaded = load('frames', undefined, [frame(rows), frame(rows)], { errorLimit: 3 });
  expect(loaded.rows).toEqual(withIdentity([rows[0]!, rows[2]!, rows[0]!, rows[2]!]));
  expect(loaded.result.refused.map((r) => [r.piece, r.column, r.code, Buffer.from(r.rawLine).toString()])).toEqual([
    [0, 0, 1213, 'a record'],
    [1, 0, 1213, 'a record'],
  ]);
  const failed = load('frames', undefined, [frame(rows), frame(rows)], { errorLimit: 2 });
  expect(failed.error).toMatchObject({ message: expect.stringContaining("Load into table 't' failed") as string });
  expect([failed.rows.length, failed.result.refusedCount, failed.closed]).toEqual([0, 2, 2]);
});
test('the same rows as text', async () => {
  const text = numbered(0, 3000).map(([a, b, c]) => `${a}|${b === null ? '\\N' : Number(b) / 100}|${c ?? '\\N'}\n`);
  const half = text.slice(0, 1500).join('');
  const columns = TYPES.map((type, i) => ({ name: `c${i}`, type, nullable: i > 0, delivered: 'text' as const }));
  const options = { text: delimitedFormat(), dateFormat: undefined, timeFormat: undefined };
  const { plan } = await delimited.schema(columns, options, undefined, NO_HOST);
  const { rows, result, closed } = load(
    'delimited',
    plan,
    [half, text.slice(1500).join('')].map((t) => Buffer.from(t)),
  );
  expect(rows).toEqual(withIdentity(numbered(0, 3000)));
  expect(result.pieces.map((p) => p.lines)).toEqual([1500, 1500]);
  expect(closed).toBe(2);
});
