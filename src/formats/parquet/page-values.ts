/**
 * The values of a column's pages, a batch at a time, in the physical form of the table's column: every encoding, dictionaries, the
 * turning of forms, checks of what comes out.
 */
import { BATCH_ROWS } from '../../common/limits.ts';
import { PHYS_BYTES } from '../../types/sql-type.ts';
import { TextRoom } from '../columnar/vectors.ts';
import type { LoadHost } from '../load-format.ts';
import { CONVERT, type Form } from './forms.ts';
import type { ParquetKernels } from './kernels.ts';
import { ENCODING } from './metadata.ts';
import { ParquetDamage } from './thrift.ts';
import { SLACK_BYTES } from './window.ts';

/** Of the kernels' states: levels and indices, differences. */
const HYBRID_BYTES = 32;
const DELTA_BYTES = 80;
/** The widest form. */
const WIDE_BYTES = 16;
const UUID_BYTES = 36;

/** A value that cannot enter its column. Numbers count from the values asked for. */
export interface BadValue {
  readonly kind: 'long' | 'utf8' | 'multibyte' | 'range';
  readonly index: number;
  /** Bytes of a string. */
  readonly at: number;
  readonly length: number;
}
interface Dictionary {
  at: number;
  bytes: number;
  /** -1: there is none. */
  count: number;
  isGood: boolean;
  /** A value that has no form of the column. */
  bad: BadValue | undefined;
}
type Reading = (n: number, out: number) => number;

export class PageValues {
  /** Values are valid until the next page or batch. */
  private readonly out: number;
  private readonly state: number;
  private readonly second: number;
  private readonly kernels: ParquetKernels;
  private readonly numbers: { indices?: number; other?: number } = {};
  private readonly dictionary: Dictionary = { at: 0, bytes: 0, count: -1, isGood: true, bad: undefined };
  private reading: Reading = () => 0;
  private isFromDictionary = false;
  private readonly rooms: Partial<Record<'first' | 'second' | 'uuids' | 'dictionary', TextRoom>> = {};
  private readonly width: number;

  constructor(
    private readonly load: LoadHost,
    readonly form: Form,
    /** Byte that stands for what is no UTF-8; -1: such a string is refused. */
    private readonly replace: number,
  ) {
    this.kernels = load.kernels as unknown as ParquetKernels;
    this.width = PHYS_BYTES[form.phys];
    this.out = load.allocate(BATCH_ROWS * WIDE_BYTES);
    this.state = load.allocate(HYBRID_BYTES + DELTA_BYTES);
    this.second = load.allocate(DELTA_BYTES);
  }
  /** Room for numbers of a batch, 8 bytes each. */
  private number(which: 'indices' | 'other'): number {
    return (this.numbers[which] ??= this.load.allocate(BATCH_ROWS * 8));
  }
  private room(which: 'first' | 'second' | 'uuids' | 'dictionary'): TextRoom {
    return (this.rooms[which] ??= new TextRoom(this.load));
  }
  private broken(what: string): never {
    throw new ParquetDamage(what);
  }

  // ---- dictionary ----

  /** A column chunk begins. */
  forget(): void {
    this.dictionary.count = -1;
  }
  /** The bytes of a dictionary page, which stay where they are while the chunk is read. */
  setDictionary(at: number, end: number, count: number): void {
    const { form, load, dictionary } = this;
    const least =
      form.raw === 'bytes' ? 4 : form.raw === 'bits' ? this.broken('a dictionary of booleans') : form.width;
    if (count * least > end - at) this.broken('a dictionary is too short');
    const bytes = Math.max(1, count) * WIDE_BYTES + SLACK_BYTES;
    if (dictionary.bytes < bytes) {
      if (dictionary.at !== 0) load.memory.free(dictionary.at);
      dictionary.at = load.allocate(bytes);
      dictionary.bytes = bytes;
    }
    dictionary.count = count;
    dictionary.bad = undefined;
    dictionary.isGood = true;
    this.isFromDictionary = false;
    this.badConversion = undefined;
    this.rooms.dictionary?.clear();
    this.startPlain(at, end);
    // In pieces, because some forms go through rooms of a batch.
    for (let from = 0; from < count; from += BATCH_ROWS) {
      const n = Math.min(BATCH_ROWS, count - from);
      const into = dictionary.at + from * this.width;
      const values = this.reading(n, into);
      if (form.convert !== CONVERT.none) {
        this.convert(values, n, into);
        dictionary.bad ??= this.badConversion;
      } else if (values !== into) load.memory.bytes.copyWithin(into, values, values + n * this.width);
      if (form.isUuid) this.asUuids(into, n, this.room('dictionary'));
      if (this.check(into, n) !== undefined) dictionary.isGood = false;
    }
  }

  // ---- pages ----

  start(encoding: number, at: number, end: number, count: number): void {
    this.isFromDictionary = false;
    this.badConversion = undefined;
    switch (encoding) {
      case ENCODING.plain:
        return this.startPlain(at, end);
      case ENCODING.plainDictionary:
      case ENCODING.rleDictionary:
        return this.startDictionary(at, end);
      case ENCODING.rle:
        return this.startRuns(at, end);
      case ENCODING.deltaBinaryPacked:
        return this.startDelta(at, end);
      case ENCODING.deltaLengthByteArray:
        return this.startCounted(at, end);
      case ENCODING.deltaByteArray:
        return this.startPrefixed(at, end);
      case ENCODING.byteStreamSplit:
        return this.startSplit(at, end, count);
      default:
        return this.broken(`encoding ${encoding} is not supported`);
    }
  }
  private startPlain(from: number, end: number): void {
    const { kernels, form } = this;
    let at = from;
    const { width } = form;
    if (form.raw === 'bits') {
      let bit = 0;
      this.reading = (n, out) => {
        if (bit + n > (end - at) * 8) this.broken('a page has too few values');
        kernels.plain_bits(at, bit, n, out);
        bit += n;
        return out;
      };
    } else if (form.raw === 'bytes')
      this.reading = (n, out) => {
        at = kernels.plain_strings(at, end, n, out);
        if (at === 0) this.broken('a page has too few values');
        return out;
      };
    else
      this.reading = (n, out) => {
        if (n * width > end - at) this.broken('a page has too few values');
        const start = at;
        at += n * width;
        if (form.raw !== 'fixed' || form.convert === CONVERT.half) return start;
        kernels.fixed_strings(start, n, width, out);
        return out;
      };
  }
  private startDictionary(at: number, end: number): void {
    const { kernels, dictionary, state } = this;
    if (dictionary.count < 0) this.broken('a page wants a dictionary that is not there');
    if (end === at) this.broken('a page has too few values');
    const width = this.load.memory.bytes[at]!;
    if (width > 32) this.broken('indices are too wide');
    kernels.hybrid_open(state, at + 1, end, width);
    this.isFromDictionary = true;
    const indices = this.number('indices');
    const gather = kernels[`gather_${this.width as 4 | 8 | 16}`];
    this.reading = (n, out) => {
      if (kernels.hybrid_read(state, indices, n) === 0) this.broken('a page has too few values');
      if (gather(dictionary.at, dictionary.count, indices, n, out) === 0)
        this.broken('a value is not in the dictionary');
      return out;
    };
  }
  /** Booleans behind the length of their runs. */
  private startRuns(at: number, end: number): void {
    const { kernels, state } = this;
    if (this.form.raw !== 'bits' || end - at < 4) this.broken('a page has an encoding that its type has not');
    const bytes = this.load.memory.u32(at);
    if (bytes > end - at - 4) this.broken('a page has too few values');
    kernels.hybrid_open(state, at + 4, at + 4 + bytes, 1);
    this.reading = (n, out) => {
      if (kernels.hybrid_read(state, out, n) === 0) this.broken('a page has too few values');
      return out;
    };
  }
  private startDelta(at: number, end: number): void {
    const { kernels, state, form } = this;
    if (form.raw !== 'i32' && form.raw !== 'i64') this.broken('a page has an encoding that its type has not');
    if (kernels.delta_open(state, at, end) < 0) this.broken('differences are broken');
    this.reading = (n, out) => {
      if (kernels.delta_read(state, out, n, form.raw === 'i32' ? 1 : 0) === 0)
        this.broken('a page has too few values');
      return out;
    };
  }
  private ofStrings(): void {
    if (this.form.raw !== 'bytes' && this.form.raw !== 'fixed')
      this.broken('a page has an encoding that its type has not');
  }
  private startCounted(from: number, end: number): void {
    const { kernels, state } = this;
    this.ofStrings();
    let at = kernels.delta_end(state, from, end);
    if (at === 0) this.broken('differences are broken');
    kernels.delta_open(state, from, end);
    const lengths = this.number('indices');
    this.reading = (n, out) => {
      if (kernels.delta_read(state, lengths, n, 0) === 0) this.broken('a page has too few values');
      at = kernels.counted_strings(at, end, lengths, n, out);
      if (at === 0) this.broken('a page has too few values');
      return out;
    };
  }
  private startPrefixed(from: number, end: number): void {
    const { kernels, state, second } = this;
    this.ofStrings();
    const middle = kernels.delta_end(state, from, end);
    let at = middle === 0 ? 0 : kernels.delta_end(second, middle, end);
    if (at === 0) this.broken('differences are broken');
    kernels.delta_open(state, from, end);
    kernels.delta_open(second, middle, end);
    const [prefixes, suffixes] = [this.number('indices'), this.number('other')];
    // The last string of a batch lies in its room, and the next one begins with a part of it.
    const texts = [this.room('first'), this.room('second')] as [TextRoom, TextRoom];
    let [last, length] = [0, 0];
    this.reading = (n, out) => {
      if (kernels.delta_read(state, prefixes, n, 0) === 0 || kernels.delta_read(second, suffixes, n, 0) === 0)
        this.broken('a page has too few values');
      const bytes = Number(kernels.prefixed_bytes(prefixes, suffixes, n, length));
      if (bytes < 0) this.broken('a string begins with more than there is');
      texts.reverse();
      texts[0].clear();
      const room = texts[0].take(bytes + SLACK_BYTES);
      at = kernels.prefixed_strings(at, end, prefixes, suffixes, n, last, room, out);
      if (at === 0) this.broken('a page has too few values');
      if (n > 0) {
        length = this.load.memory.u32(prefixes + (n - 1) * 8) + this.load.memory.u32(suffixes + (n - 1) * 8);
        last = room + bytes - length;
      }
      return out;
    };
  }
  private startSplit(at: number, end: number, count: number): void {
    const { kernels, form } = this;
    const { width } = form;
    if (form.raw === 'bits' || form.raw === 'bytes' || form.raw === 'i96')
      this.broken('a page has an encoding that its type has not');
    const total = Math.floor((end - at) / width);
    if (total > count) this.broken('a page has too many values');
    let done = 0;
    const texts = this.room('first');
    this.reading = (n, out) => {
      if (done + n > total) this.broken('a page has too few values');
      texts.clear();
      const isFixed = form.raw === 'fixed';
      const room = isFixed ? texts.take(n * width + SLACK_BYTES) : out;
      kernels.split_streams(at, total, done, n, width, room);
      done += n;
      if (!isFixed || form.convert === CONVERT.half) return room;
      kernels.fixed_strings(room, n, width, out);
      return out;
    };
  }

  /** The next n values, one behind the other; `stay`: not where they lie in the page. */
  read(n: number, stay: boolean): number {
    const { out, load, form } = this;
    const values = this.reading(n, out);
    if (this.isFromDictionary) return values;
    if (form.convert !== CONVERT.none) {
      this.convert(values, n, out);
      return out;
    }
    if (form.isUuid) {
      const room = this.room('uuids');
      room.clear();
      this.asUuids(values, n, room);
    }
    if (values === out || !stay) return values;
    load.memory.bytes.copyWithin(out, values, values + n * this.width);
    return out;
  }
  private badConversion: BadValue | undefined;
  private convert(from: number, n: number, to: number): void {
    const { form } = this;
    const bad = this.kernels.parquet_convert(form.convert, from, n, to, form.argument);
    this.badConversion = bad < 0 ? undefined : { kind: 'range', index: bad, at: 0, length: 0 };
  }
  private asUuids(values: number, n: number, room: TextRoom): void {
    if (this.kernels.uuid_strings(values, n, room.take(n * UUID_BYTES + SLACK_BYTES)) === 0)
      this.broken('a UUID has not 16 bytes');
  }

  /** The first of the values read that its column does not take. */
  bad(values: number, n: number): BadValue | undefined {
    if (!this.isFromDictionary) return this.check(values, n);
    const { isGood, bad } = this.dictionary;
    return isGood ? undefined : (bad ?? this.check(values, n));
  }
  private check(values: number, n: number): BadValue | undefined {
    const { form, kernels } = this;
    if (!this.isFromDictionary && this.badConversion !== undefined) return this.badConversion;
    if (form.limit !== undefined) {
      const [low, high] = [BigInt.asIntN(64, form.limit), form.limit >> 64n];
      const bad = kernels.check_digits(values, n, form.phys === 'i128' ? 1 : 0, low, high);
      return bad < 0 ? undefined : { kind: 'range', index: bad, at: 0, length: 0 };
    }
    if (form.strings === undefined) return undefined;
    const { length, single, isText } = form.strings;
    if (!isText) return this.longest(values, n, length);
    const bad = kernels.check_strings(values, n, length, single ? 1 : 0, this.replace);
    if (bad < 0n) return undefined;
    const index = Number(bad & 0xffffffffn);
    const kind = (['long', 'utf8', 'multibyte'] as const)[Number(bad >> 32n) - 1]!;
    return { kind, index, ...this.stringAt(values, index) };
  }
  private stringAt(values: number, index: number): { at: number; length: number } {
    const { memory } = this.load;
    return { at: memory.u32(values + index * 8), length: memory.u32(values + index * 8 + 4) };
  }
  private longest(values: number, n: number, length: number): BadValue | undefined {
    const { memory } = this.load;
    for (let i = 0; i < n; i++)
      if (memory.u32(values + i * 8 + 4) > length) return { kind: 'long', index: i, ...this.stringAt(values, i) };
    return undefined;
  }
}
