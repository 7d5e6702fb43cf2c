/**
 * The values of one ORC column that has no parts, a batch at a time and without its NULLs, in a physical form (types/sql-type.ts).
 */
import { ORC_DICTIONARY_BYTES_MAX, ORC_TEXTS_BYTES_MAX, BATCH_ROWS } from '../../common/limits.ts';
import { namedZone } from '../../types/timezone.ts';
import { zoneTable } from '../../types/zone-table.ts';
import type { Phys } from '../../types/sql-type.ts';
import type { PieceUnpacker } from '../columnar/unpack.ts';
import { TextRoom } from '../columnar/vectors.ts';
import type { ChunkHost } from './chunks.ts';
import type { OrcKernels } from './kernels.ts';
import { STREAM, type OrcType } from './metadata.ts';
import { OrcDamage } from './protobuf.ts';
import type { StripeData } from './stripe.ts';
import { StreamWindow } from './window.ts';

export interface LeafForm {
  readonly phys: Phys;
  /** Of decimals: digits at most. */
  readonly precision: number;
}
/** The value with this number, of those that were asked for, has no place in the form. */
export class BadLeaf {
  constructor(readonly index: number) {}
}

/** Widest value. */
const VALUE_BYTES = 16;
const EPOCH_DAYS = 10957n;
const [MIN_DAY, MAX_DAY] = [-2451507n, 106751982n];
const BASE_SECONDS = 1420070400n;
const DICTIONARY_ENTRIES_MAX = 16 * 1024 * 1024;
const UTC = new Set(['', 'UTC', 'GMT', 'Etc/UTC']);

/** Offset of a zone's clock on 2015-01-01, in seconds, by its transition table (wasm/memory-map.ts). */
function offsetOf2015(table: Uint8Array): bigint {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const local = (BASE_SECONDS - 946684800n) * 1_000_000n;
  let offset = 0n;
  for (let i = 0; i < view.getUint32(0, true); i++) {
    const of = view.getBigInt64(8 + i * 16 + 8, true);
    if (view.getBigInt64(8 + i * 16, true) + of <= local) offset = of;
  }
  return offset / 1_000_000n;
}

export class LeafReader {
  private readonly kernels: OrcKernels;
  private readonly out: number;
  private readonly second: number;
  private readonly third: number;
  private readonly data: StreamWindow;
  private readonly lengths: StreamWindow;
  private readonly other: StreamWindow;
  private readonly texts: TextRoom;
  private dictionary: { at: number; entries: number; count: number } | undefined;
  private zone = { name: '', table: 0, base: BASE_SECONDS };
  private isShort = false;

  constructor(
    private readonly host: ChunkHost,
    unpacker: PieceUnpacker,
    readonly type: OrcType,
    readonly form: LeafForm,
  ) {
    this.kernels = host.kernels as unknown as OrcKernels;
    this.out = host.allocate(BATCH_ROWS * VALUE_BYTES);
    this.second = host.allocate(BATCH_ROWS * 8);
    this.third = host.allocate(BATCH_ROWS * 8);
    this.data = new StreamWindow(host, unpacker);
    this.lengths = new StreamWindow(host, unpacker);
    this.other = new StreamWindow(host, unpacker);
    this.texts = new TextRoom(host);
  }

  begin(stripe: StripeData): void {
    const { kind, column } = this.type;
    const encoding = stripe.encoding(column);
    const { codec, blockBytes } = stripe;
    const open = (window: StreamWindow, of: (typeof STREAM)[keyof typeof STREAM], signed: boolean): void =>
      window.open(stripe.stream(column, of), codec, blockBytes, signed, encoding.version);
    this.forgetDictionary();
    switch (kind) {
      case 'string':
      case 'varchar':
      case 'char':
      case 'binary':
        open(this.lengths, STREAM.length, false);
        open(this.data, STREAM.data, false);
        if (encoding.isDictionary) {
          open(this.other, STREAM.dictionary, false);
          this.readDictionary(encoding.dictionarySize);
        }
        return;
      case 'timestamp':
      case 'timestamp with local time zone':
        this.setZone(kind === 'timestamp' ? stripe.zone : '');
        open(this.data, STREAM.data, true);
        return open(this.other, STREAM.secondary, false);
      case 'decimal':
        this.isShort = stripe.stream(column, STREAM.secondary) === undefined && this.type.precision <= 18;
        open(this.data, STREAM.data, true);
        return open(this.other, STREAM.secondary, true);
      default:
        return open(this.data, STREAM.data, true);
    }
  }
  private setZone(name: string): void {
    if (name === this.zone.name) return;
    if (this.zone.table !== 0) this.host.memory.free(this.zone.table);
    this.zone = { name, table: 0, base: BASE_SECONDS };
    if (UTC.has(name)) return;
    const known = namedZone(name, 0);
    if (known === undefined) throw new OrcDamage(`its time zone ${name} is not known`);
    const bytes = zoneTable(known);
    const table = this.host.allocate(bytes.length);
    this.host.memory.bytes.set(bytes, table);
    this.zone = { name, table, base: BASE_SECONDS - offsetOf2015(bytes) };
  }

  // ---- dictionary ----

  private forgetDictionary(): void {
    if (this.dictionary === undefined) return;
    this.host.memory.free(this.dictionary.at);
    this.host.memory.free(this.dictionary.entries);
    this.dictionary = undefined;
  }
  private readDictionary(count: number): void {
    if (count > DICTIONARY_ENTRIES_MAX) throw new OrcDamage('a dictionary is too large');
    const { host, kernels } = this;
    const entries = host.allocate(Math.max(1, count) * 8);
    const lengths = host.allocate(Math.max(1, count) * 8);
    let at = 0;
    try {
      this.lengths.integers(lengths, count);
      const bytes = Number(kernels.orc_sum(lengths, count, BigInt(ORC_DICTIONARY_BYTES_MAX)));
      if (bytes < 0) throw new OrcDamage('a dictionary has impossible lengths');
      at = host.allocate(Math.max(1, bytes));
      this.other.raw(at, bytes);
      kernels.counted_strings(at, at + bytes, lengths, count, entries);
    } finally {
      host.memory.free(lengths);
      this.dictionary = { at, entries, count };
    }
  }

  // ---- values ----

  /** Address of the next n values, at most BATCH_ROWS; throws BadLeaf. Stays until the next call. */
  read(n: number): number {
    this.texts.clear();
    const { out, second, kernels, data } = this;
    switch (this.type.kind) {
      case 'boolean':
        data.bits(second, n, 0);
        kernels.orc_widen(second, n, out, 0);
        return out;
      case 'tinyint':
        data.bytes(second, n);
        kernels.orc_widen(second, n, out, 1);
        return out;
      case 'smallint':
        return this.narrowed(n, -32768n, 32767n, 0n);
      case 'int':
        return this.narrowed(n, -2147483648n, 2147483647n, 0n);
      case 'date':
        return this.narrowed(n, MIN_DAY + EPOCH_DAYS, MAX_DAY + EPOCH_DAYS, EPOCH_DAYS);
      case 'bigint':
        data.integers(out, n);
        return out;
      case 'float':
        data.raw(out, n * 4);
        return out;
      case 'double':
        data.raw(out, n * 8);
        return out;
      case 'timestamp':
      case 'timestamp with local time zone':
        return this.timestamps(n);
      case 'decimal':
        return this.decimals(n);
      default:
        return this.strings(n);
    }
  }
  private good(index: number): number {
    if (index >= 0) throw new BadLeaf(index);
    return this.out;
  }
  private narrowed(n: number, low: bigint, high: bigint, by: bigint): number {
    this.data.integers(this.out, n);
    return this.good(this.kernels.orc_narrow(this.out, n, this.out, low, high, by));
  }
  private timestamps(n: number): number {
    const { zone, second, third } = this;
    this.data.integers(second, n);
    this.other.integers(third, n);
    return this.good(this.kernels.orc_timestamps(second, third, n, this.out, zone.base, zone.table));
  }
  private decimals(n: number): number {
    const { out, second, third, kernels, type, form } = this;
    if (this.isShort) {
      this.data.integers(out, n);
      kernels.orc_to_wide(out, n);
    } else {
      this.data.wide(out, n, third);
      this.other.integers(second, n);
      this.good(kernels.orc_rescale(out, second, n, type.scale));
    }
    return this.good(kernels.orc_decimals(out, n, form.precision, form.phys === 'i64' ? 1 : 0));
  }
  private strings(n: number): number {
    const { out, second, third, kernels, dictionary } = this;
    if (dictionary !== undefined) {
      this.data.integers(second, n);
      if (kernels.orc_indices(second, n, third, dictionary.count) >= 0)
        throw new OrcDamage('a dictionary has no such entry');
      kernels.gather_8(dictionary.entries, dictionary.count, third, n, out);
      return out;
    }
    this.lengths.integers(second, n);
    const bytes = Number(kernels.orc_sum(second, n, BigInt(ORC_TEXTS_BYTES_MAX)));
    if (bytes < 0) throw new OrcDamage('texts have impossible lengths');
    const at = bytes === 0 ? 0 : this.data.stretch(bytes, this.texts);
    kernels.counted_strings(at, at + bytes, second, n, out);
    return out;
  }
}
