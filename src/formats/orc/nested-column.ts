/**
 * A field of an ORC file into a SUPER column, as the JSON text of its value: lists are arrays, structs and maps objects, a union is the value of its
 * branch. Parts are read for a whole batch, then put together.
 */
import { ORC_NESTED_BYTES_MAX, ORC_NESTED_VALUES_MAX, BATCH_ROWS } from '../../common/limits.ts';
import {
  jsonArray,
  jsonBytes,
  jsonDate,
  jsonDecimal,
  jsonFloat,
  jsonObject,
  jsonString,
  jsonTimestamp,
} from '../columnar/json-text.ts';
import type { PieceUnpacker } from '../columnar/unpack.ts';
import { TextRoom, ValueVector, type VectorTable } from '../columnar/vectors.ts';
import type { ChunkHost } from './chunks.ts';
import { Presence, type OrcColumn } from './flat-column.ts';
import { BadLeaf, LeafReader, type LeafForm } from './leaf.ts';
import { STREAM, type OrcType } from './metadata.ts';
import { OrcDamage } from './protobuf.ts';
import type { StripeData } from './stripe.ts';
import { StreamWindow } from './window.ts';

type Texts = readonly (string | undefined)[];
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** What the nested values of one batch may take. */
class Budget {
  private values = 0;
  private bytes = 0;
  start(): void {
    this.values = this.bytes = 0;
  }
  take(values: number): void {
    this.values += values;
    if (this.values > ORC_NESTED_VALUES_MAX) throw new OrcDamage('nested values are out of all proportion');
  }
  keep(text: string): string {
    this.bytes += text.length;
    if (this.bytes > ORC_NESTED_BYTES_MAX) throw new OrcDamage('nested values are out of all proportion');
    return text;
  }
}

const FORMS: Readonly<Partial<Record<OrcType['kind'], LeafForm['phys']>>> = {
  boolean: 'i32',
  tinyint: 'i32',
  smallint: 'i32',
  int: 'i32',
  date: 'i32',
  bigint: 'i64',
  timestamp: 'i64',
  'timestamp with local time zone': 'i64',
  float: 'f32',
  double: 'f64',
  decimal: 'i128',
};

/** Values of a type and of those below it. */
abstract class Part {
  private readonly presence: Presence;
  constructor(
    protected readonly host: ChunkHost,
    unpacker: PieceUnpacker,
    protected readonly budget: Budget,
    readonly type: OrcType,
  ) {
    this.presence = new Presence(host, unpacker, type.column);
  }
  begin(stripe: StripeData): void {
    this.presence.begin(stripe);
    this.start(stripe);
  }
  /** The next n values; undefined is NULL. */
  texts(n: number): Texts {
    this.budget.take(n);
    const out: (string | undefined)[] = [];
    const { bytes } = this.host.memory;
    for (let done = 0; done < n;) {
      const rows = Math.min(BATCH_ROWS, n - done);
      const there = this.presence.read(rows);
      const nulls = bytes.slice(this.presence.nulls, this.presence.nulls + rows);
      const made = this.values(there);
      let next = 0;
      for (let i = 0; i < rows; i++) out.push(nulls[i] === 1 ? undefined : this.budget.keep(made[next++]!));
      done += rows;
    }
    return out;
  }
  protected abstract start(stripe: StripeData): void;
  /** JSON of the next n values that are there, at most BATCH_ROWS. */
  protected abstract values(n: number): readonly string[];
}
const jsonOf = (text: string | undefined): string => text ?? 'null';

class LeafPart extends Part {
  private readonly leaf: LeafReader;
  constructor(host: ChunkHost, unpacker: PieceUnpacker, budget: Budget, type: OrcType) {
    super(host, unpacker, budget, type);
    this.leaf = new LeafReader(host, unpacker, type, { phys: FORMS[type.kind] ?? 'str', precision: 38 });
  }
  protected start(stripe: StripeData): void {
    this.leaf.begin(stripe);
  }
  protected values(n: number): readonly string[] {
    let at: number;
    try {
      at = this.leaf.read(n);
    } catch (error) {
      if (error instanceof BadLeaf) throw new OrcDamage('a nested value is out of range');
      throw error;
    }
    return Array.from({ length: n }, (_, i) => this.value(at, i));
  }
  private value(at: number, i: number): string {
    const { view, bytes } = this.host.memory;
    switch (this.type.kind) {
      case 'boolean':
        return view.getInt32(at + i * 4, true) === 1 ? 'true' : 'false';
      case 'tinyint':
      case 'smallint':
      case 'int':
        return String(view.getInt32(at + i * 4, true));
      case 'date':
        return jsonDate(view.getInt32(at + i * 4, true));
      case 'bigint':
        return String(view.getBigInt64(at + i * 8, true));
      case 'timestamp':
        return jsonTimestamp(view.getBigInt64(at + i * 8, true), false);
      case 'timestamp with local time zone':
        return jsonTimestamp(view.getBigInt64(at + i * 8, true), true);
      case 'float':
        return jsonFloat(view.getFloat32(at + i * 4, true), true);
      case 'double':
        return jsonFloat(view.getFloat64(at + i * 8, true), false);
      case 'decimal': {
        const high = view.getBigInt64(at + i * 16 + 8, true);
        return jsonDecimal(view.getBigUint64(at + i * 16, true) + (high << 64n), this.type.scale);
      }
      default: {
        const from = view.getUint32(at + i * 8, true);
        const text = bytes.slice(from, from + view.getUint32(at + i * 8 + 4, true));
        return this.type.kind === 'binary' ? jsonBytes(text) : stringOf(text);
      }
    }
  }
}
function stringOf(bytes: Uint8Array): string {
  try {
    return jsonString(utf8.decode(bytes));
  } catch {
    throw new OrcDamage('a text is no UTF-8');
  }
}

/** Lengths of lists and maps. */
class Lengths {
  private readonly window: StreamWindow;
  private readonly at: number;
  constructor(
    private readonly host: ChunkHost,
    unpacker: PieceUnpacker,
    private readonly column: number,
  ) {
    this.window = new StreamWindow(host, unpacker);
    this.at = host.allocate(BATCH_ROWS * 8);
  }
  begin(stripe: StripeData): void {
    const stored = stripe.stream(this.column, STREAM.length);
    this.window.open(stored, stripe.codec, stripe.blockBytes, false, stripe.encoding(this.column).version);
  }
  read(n: number): readonly number[] {
    this.window.integers(this.at, n);
    return Array.from({ length: n }, (_, i) => {
      const length = Number(this.host.memory.view.getBigInt64(this.at + i * 8, true));
      if (length < 0 || length > ORC_NESTED_VALUES_MAX) throw new OrcDamage('a list has an impossible length');
      return length;
    });
  }
}
const sum = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0);

class ListPart extends Part {
  private readonly lengths: Lengths;
  private readonly item: Part;
  constructor(host: ChunkHost, unpacker: PieceUnpacker, budget: Budget, type: OrcType) {
    super(host, unpacker, budget, type);
    this.lengths = new Lengths(host, unpacker, type.column);
    this.item = partOf(host, unpacker, budget, type.children[0]!);
  }
  protected start(stripe: StripeData): void {
    this.lengths.begin(stripe);
    this.item.begin(stripe);
  }
  protected values(n: number): readonly string[] {
    const lengths = this.lengths.read(n);
    const items = this.item.texts(sum(lengths)).map(jsonOf);
    let at = 0;
    return lengths.map((length) => jsonArray(items.slice(at, (at += length))));
  }
}
class MapPart extends Part {
  private readonly lengths: Lengths;
  private readonly key: Part;
  private readonly item: Part;
  constructor(host: ChunkHost, unpacker: PieceUnpacker, budget: Budget, type: OrcType) {
    super(host, unpacker, budget, type);
    this.lengths = new Lengths(host, unpacker, type.column);
    this.key = partOf(host, unpacker, budget, type.children[0]!);
    this.item = partOf(host, unpacker, budget, type.children[1]!);
  }
  protected start(stripe: StripeData): void {
    this.lengths.begin(stripe);
    this.key.begin(stripe);
    this.item.begin(stripe);
  }
  protected values(n: number): readonly string[] {
    const lengths = this.lengths.read(n);
    const total = sum(lengths);
    // Names are strings; those of other types their text.
    const names = this.key.texts(total).map((k) => (k?.startsWith('"') === true ? k : jsonString(jsonOf(k))));
    const items = this.item.texts(total).map(jsonOf);
    let at = 0;
    return lengths.map((length) => {
      const from = at;
      at += length;
      return jsonObject(names.slice(from, at), items.slice(from, at));
    });
  }
}
class StructPart extends Part {
  private readonly fields: readonly Part[];
  private readonly names: readonly string[];
  constructor(host: ChunkHost, unpacker: PieceUnpacker, budget: Budget, type: OrcType) {
    super(host, unpacker, budget, type);
    this.fields = type.children.map((c) => partOf(host, unpacker, budget, c));
    this.names = type.names.map(jsonString);
  }
  protected start(stripe: StripeData): void {
    for (const field of this.fields) field.begin(stripe);
  }
  protected values(n: number): readonly string[] {
    const parts = this.fields.map((field) => field.texts(n));
    return Array.from({ length: n }, (_, i) =>
      jsonObject(
        this.names,
        parts.map((part) => jsonOf(part[i])),
      ),
    );
  }
}
class UnionPart extends Part {
  private readonly branches: readonly Part[];
  private readonly window: StreamWindow;
  private readonly tags: number;
  constructor(host: ChunkHost, unpacker: PieceUnpacker, budget: Budget, type: OrcType) {
    super(host, unpacker, budget, type);
    this.branches = type.children.map((c) => partOf(host, unpacker, budget, c));
    this.window = new StreamWindow(host, unpacker);
    this.tags = host.allocate(BATCH_ROWS);
  }
  protected start(stripe: StripeData): void {
    this.window.open(stripe.stream(this.type.column, STREAM.data), stripe.codec, stripe.blockBytes);
    for (const branch of this.branches) branch.begin(stripe);
  }
  protected values(n: number): readonly string[] {
    this.window.bytes(this.tags, n);
    const tags = [...this.host.memory.bytes.slice(this.tags, this.tags + n)];
    const counts = this.branches.map(() => 0);
    for (const tag of tags) {
      if (tag >= counts.length) throw new OrcDamage('a union has no such branch');
      counts[tag]!++;
    }
    const texts = this.branches.map((branch, i) => branch.texts(counts[i]!));
    const next = this.branches.map(() => 0);
    return tags.map((tag) => jsonOf(texts[tag]![next[tag]!++]));
  }
}
function partOf(host: ChunkHost, unpacker: PieceUnpacker, budget: Budget, type: OrcType): Part {
  switch (type.kind) {
    case 'array':
      return new ListPart(host, unpacker, budget, type);
    case 'map':
      return new MapPart(host, unpacker, budget, type);
    case 'struct':
      return new StructPart(host, unpacker, budget, type);
    case 'uniontype':
      return new UnionPart(host, unpacker, budget, type);
    default:
      return new LeafPart(host, unpacker, budget, type);
  }
}

export class NestedColumn implements OrcColumn {
  private readonly budget = new Budget();
  private readonly part: Part;
  private readonly vector: ValueVector;
  private readonly room: TextRoom;
  constructor(
    host: ChunkHost,
    unpacker: PieceUnpacker,
    private readonly table: VectorTable,
    private readonly column: number,
    type: OrcType,
  ) {
    this.part = partOf(host, unpacker, this.budget, type);
    this.vector = new ValueVector(host, 'str');
    this.room = new TextRoom(host);
  }
  begin(stripe: StripeData): void {
    this.part.begin(stripe);
  }
  read(n: number): void {
    this.room.clear();
    this.budget.start();
    this.part.texts(n).forEach((text, row) => {
      if (text === undefined) this.vector.setNull(row);
      else this.vector.setI64(row, this.room.copy(Buffer.from(text)));
    });
    this.table.point(this.column, this.vector.values, this.vector.nulls);
  }
}
