/**
 * Test support: reads a Parquet file with the load format as a slice does, without the steps behind it; values as texts. The source
 * lets wait and gives pieces of any size. Without columns the table is made after the file.
 */
import { BATCH_ROWS } from '../../common/limits.ts';
import { kernelsModule } from '../../wasm/kernels-module.ts';
import { NO_LONG_VALUES } from '../../wasm/memory-map.ts';
import { RegionPool } from '../../wasm/region-pool.ts';
import { formatText } from '../../types/text.ts';
import { numeric, physOf, varchar, varbyte, type SqlType } from '../../types/sql-type.ts';
import type { ByteSource, LoadHost, LoadObject } from '../load-format.ts';
import type { LoadPiece, RefusedRecord } from '../load-work.ts';
import { parquet } from '../parquet.ts';
import { pieceSource } from '../test-load.ts';
import { readFooter } from './footer.ts';
import type { SchemaNode } from './schema.ts';

const BASE = 1024 * 1024;
const PAGES = 4096;

/** The narrowest column that takes a field; SUPER where there is none. */
export function columnFor({ element, leaf }: SchemaNode): SqlType {
  const { annotation, type } = element;
  if (leaf === undefined || element.repetition === 'repeated') return { name: 'super' };
  if (annotation.kind === 'decimal') return numeric(decimalPrecision(element), annotation.scale);
  if (annotation.kind === 'timestamp' || type === 'int96') return { name: 'timestamp' };
  if (annotation.kind === 'time') return { name: 'time' };
  if (annotation.kind === 'uuid') return varchar(36);
  if (annotation.kind === 'float16') return { name: 'float4' };
  switch (type) {
    case 'boolean':
      return { name: 'bool' };
    case 'int32':
      if (annotation.kind === 'date') return { name: 'date' };
      return annotation.kind === 'integer' && !annotation.signed && annotation.bits === 32
        ? { name: 'super' }
        : { name: 'int4' };
    case 'int64':
      return annotation.kind === 'integer' && !annotation.signed ? { name: 'super' } : { name: 'int8' };
    case 'float':
      return { name: 'float4' };
    case 'double':
      return { name: 'float8' };
    default:
      return ['string', 'enum', 'json'].includes(annotation.kind) ? varchar(65535) : varbyte(64_000);
  }
}
/** A fixed length has room for more digits than are said. */
function decimalPrecision({ type, length, annotation }: SchemaNode['element']): number {
  const { precision } = annotation as { precision: number };
  if (type !== 'fixed_len_byte_array') return precision;
  return Math.min(38, Math.floor(Math.log10(2) * (8 * length - 1)));
}

export interface TestRead {
  readonly types: readonly SqlType[];
  readonly names: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly refused: readonly Omit<RefusedRecord, 'piece'>[];
  /** Bytes of node memory that are left taken. */
  readonly kept: number;
}
export interface TestReadOptions {
  readonly columns?: readonly { readonly name: string; readonly type: SqlType }[];
  readonly most?: () => number;
  readonly fillRecord?: boolean;
  readonly acceptInvChars?: number;
  /** Wanted cuts; each part is read as a piece of its own. */
  readonly wishes?: readonly number[];
}
class Failed extends Error {}
let shared: { memory: WebAssembly.Memory; kernels: WebAssembly.Exports } | undefined;
function machine(): NonNullable<typeof shared> {
  if (shared !== undefined) return shared;
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
  const env = { memory, grow: () => 0, zone: () => 0, clock: () => 0n, ...NO_LONG_VALUES };
  return (shared = { memory, kernels: new WebAssembly.Instance(kernelsModule(), { env }).exports });
}

export async function readParquet(bytes: Uint8Array, options: TestReadOptions = {}): Promise<TestRead> {
  const { most = () => Infinity } = options;
  const object: LoadObject = {
    size: bytes.length,
    read: (start, end) => Promise.resolve(bytes.subarray(start, end)),
    stream: () => {
      throw new TypeError('not asked for');
    },
  };
  const columns =
    options.columns ??
    (await readFooter(object)).fields.map((field) => ({ name: field.name, type: columnFor(field) }));
  const load = {
    fillRecord: options.fillRecord ?? false,
    acceptInvChars: options.acceptInvChars,
    serializeToJson: true,
  };
  const targets = columns.map((c) => ({ ...c, nullable: true }));
  const { plan } = await parquet.schema(targets, load, object, { object: () => Promise.reject(new Failed()) });
  const { memory, kernels } = machine();
  const [view, all] = [new DataView(memory.buffer), new Uint8Array(memory.buffer)];
  const pool = new RegionPool(BASE, PAGES * 65536 - BASE);
  const refused: Omit<RefusedRecord, 'piece'>[] = [];
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
      if (address === 0) throw new Failed('out of memory');
      return address;
    },
    kernels,
    context: 0,
    open: ({ start, end }) => lateEnd(pieceSource(bytes.subarray(start, end), most)),
    refuse: (record) => void refused.push(record),
    fail: () => {
      throw new Failed('failed');
    },
  };
  const cuts = options.wishes === undefined ? [] : await parquet.split(object, options.wishes, load);
  const opened = parquet.open(host, plan);
  const before = pool.usedBytes;
  const { delivery } = opened;
  const rows: (string | null)[][] = [];
  let start = 0;
  for (const end of [...cuts, bytes.length]) {
    if (end <= start) continue;
    const piece: LoadPiece = {
      bucket: 'b',
      key: 'k',
      start,
      end,
      state: { size: bytes.length, modifiedMs: 0 },
      first: start === 0,
      compression: 'none',
    };
    const reader = opened.begin(piece);
    try {
      for (;;) {
        const n = reader.next();
        if (n === 'wait') continue;
        if (n === 0) break;
        if (n > BATCH_ROWS || delivery.kind !== 'vectors') throw new TypeError('a batch is wrong');
        for (let row = 0; row < n; row++)
          rows.push(columns.map(({ type }, c) => valueText(view, all, delivery.table + c * 8, row, type)));
      }
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      if (refused.length === 0) throw error;
    } finally {
      reader.close();
    }
    start = end;
  }
  return {
    types: columns.map((c) => c.type),
    names: columns.map((c) => c.name),
    rows,
    refused,
    kept: pool.usedBytes - before,
  };
}
/** A source whose end is known a while after its last byte. */
function lateEnd(source: ByteSource): ByteSource {
  let ends = 0;
  return {
    read(into) {
      const n = source.read(into);
      return n === 0 && ends++ < 3 ? 'wait' : n;
    },
    close: () => source.close(),
  };
}
function valueText(view: DataView, all: Uint8Array, entry: number, row: number, type: SqlType): string | null {
  const values = view.getUint32(entry, true);
  if (all[view.getUint32(entry + 4, true) + row] === 1) return null;
  const phys = physOf(type);
  const settings = { timezone: 'UTC', extraFloatDigits: 3, dateStyle: 0 };
  switch (phys) {
    case 'i32': {
      const value = view.getInt32(values + row * 4, true);
      return type.name === 'bool' ? (value === 1 ? 'true' : 'false') : formatText(type, value, settings);
    }
    case 'i64':
      return formatText(type, view.getBigInt64(values + row * 8, true), settings);
    case 'f32':
      return formatText(type, view.getFloat32(values + row * 4, true), settings);
    case 'f64':
      return formatText(type, view.getFloat64(values + row * 8, true), settings);
    case 'i128':
      return formatText(
        type,
        (view.getBigInt64(values + row * 16 + 8, true) << 64n) | view.getBigUint64(values + row * 16, true),
        settings,
      );
    case 'str': {
      const at = view.getUint32(values + row * 8, true);
      const bytes = Buffer.from(all.slice(at, at + view.getUint32(values + row * 8 + 4, true)));
      return type.name === 'varbyte' ? bytes.toString('hex') : bytes.toString('utf8');
    }
  }
}
