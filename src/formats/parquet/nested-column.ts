/**
 * A field of a Parquet file into a SUPER column, as the JSON text of its value: lists are arrays, maps and groups objects. The leaves below
 * the field are read value by value with their levels, which say what is missing and what begins anew (the shredding of Dremel).
 */
import { BATCH_ROWS } from '../../common/limits.ts';
import { limitReached } from '../../common/errors/catalogue.ts';
import {
  jsonArray,
  jsonBytes,
  jsonDate,
  jsonDecimal,
  jsonFloat,
  jsonObject,
  jsonString,
  jsonTime,
  jsonTimestamp,
} from '../columnar/json-text.ts';
import { TextRoom, ValueVector, type VectorTable } from '../columnar/vectors.ts';
import type { LoadHost } from '../load-format.ts';
import type { LoadPiece } from '../load-work.ts';
import type { ChunkReader } from './chunk-reader.ts';
import type { ParquetColumn } from './flat-column.ts';
import { CONVERT, decimalForm, form, timeForm, timestampForm, type Form } from './forms.ts';
import type { RowGroup, SchemaElement } from './metadata.ts';
import { leavesOf, type SchemaNode } from './schema.ts';
import { ParquetDamage } from './thrift.ts';

/** Of one leaf. A value of 16 MB, the most that a SUPER holds, has no more. */
const ROW_VALUES_MAX = 8_000_000;

type ValueText = (load: LoadHost, values: number, i: number) => string;

const bytesAt = ({ memory }: LoadHost, values: number, i: number): Uint8Array => {
  const at = memory.u32(values + i * 8);
  return memory.bytes.slice(at, at + memory.u32(values + i * 8 + 4));
};
const utf8 = new TextDecoder('utf-8', { fatal: true });
/** Bytes that nobody said were text are one where they can be. */
function textOrDigits(bytes: Uint8Array): string {
  try {
    return jsonString(utf8.decode(bytes));
  } catch {
    return jsonBytes(bytes);
  }
}
function text(bytes: Uint8Array): string {
  try {
    return jsonString(utf8.decode(bytes));
  } catch {
    throw new ParquetDamage('a string is no UTF-8');
  }
}
const i32 = (load: LoadHost, values: number, i: number): number => load.memory.view.getInt32(values + i * 4, true);
const i64 = (load: LoadHost, values: number, i: number): bigint => load.memory.view.getBigInt64(values + i * 8, true);

/** The form of a leaf by itself, and how its values are written. */
export function naturalForm(element: SchemaElement): { readonly form: Form; readonly text: ValueText } {
  const { type, annotation } = element;
  const timestamp = timestampForm(element);
  if (timestamp !== undefined) {
    const utc = annotation.kind === 'timestamp' && annotation.utc;
    return { form: timestamp, text: (load, values, i) => jsonTimestamp(i64(load, values, i), utc) };
  }
  const time = timeForm(element);
  if (time !== undefined) return { form: time, text: (load, values, i) => jsonTime(i64(load, values, i)) };
  if (annotation.kind === 'decimal') {
    const decimal = decimalForm(element, 'i128', undefined);
    const { scale } = annotation;
    if (decimal !== undefined)
      return {
        form: decimal,
        text: ({ memory: { view } }, values, i) => {
          const high = view.getBigInt64(values + i * 16 + 8, true);
          return jsonDecimal((high << 64n) | view.getBigUint64(values + i * 16, true), scale);
        },
      };
  }
  const isUnsigned = annotation.kind === 'integer' && !annotation.signed;
  switch (type) {
    case 'boolean':
      return {
        form: form(element, 'i32'),
        text: (load, values, i) => (i32(load, values, i) === 0 ? 'false' : 'true'),
      };
    case 'int32':
      if (annotation.kind === 'date')
        return {
          form: form(element, 'i32', { convert: CONVERT.days }),
          text: (load, values, i) => jsonDate(i32(load, values, i)),
        };
      return {
        form: form(element, 'i32'),
        text: (load, values, i) => String(isUnsigned ? i32(load, values, i) >>> 0 : i32(load, values, i)),
      };
    case 'int64':
      return {
        form: form(element, 'i64'),
        text: (load, values, i) => {
          const value = i64(load, values, i);
          return String(isUnsigned ? BigInt.asUintN(64, value) : value);
        },
      };
    case 'float':
      return {
        form: form(element, 'f32'),
        text: ({ memory }, values, i) => jsonFloat(memory.view.getFloat32(values + i * 4, true), true),
      };
    case 'double':
      return {
        form: form(element, 'f64'),
        text: ({ memory }, values, i) => jsonFloat(memory.view.getFloat64(values + i * 8, true), false),
      };
    default:
      break;
  }
  if (annotation.kind === 'float16' && element.length === 2)
    return {
      form: form(element, 'f32', { convert: CONVERT.half }),
      text: ({ memory }, values, i) => jsonFloat(memory.view.getFloat32(values + i * 4, true), true),
    };
  if (annotation.kind === 'uuid' && element.length === 16)
    return {
      form: form(element, 'str', { isUuid: true }),
      text: (load, values, i) => text(bytesAt(load, values, i)),
    };
  if (annotation.kind === 'json')
    return {
      form: form(element, 'str'),
      text: ({ memory }, values, i) => jsonText(bytesAt({ memory } as LoadHost, values, i)),
    };
  const asText = annotation.kind === 'string' || annotation.kind === 'enum' ? text : textOrDigits;
  return { form: form(element, 'str'), text: (load, values, i) => asText(bytesAt(load, values, i)) };
}
/** A document stands as it is, if it is one; what is none fails where the SUPER value is made. */
function jsonText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new ParquetDamage('a string is no UTF-8');
  }
}

/** Entries of one leaf, as they come: levels, and the value where it is there. */
class Leaf {
  private repetitions: number[] = [];
  private definitions: number[] = [];
  private texts: (string | undefined)[] = [];
  private at = 0;
  /** Rows whose entries are all there. */
  rows = 0;
  private readonly levels: readonly [number, number];
  private isThrough = false;

  constructor(
    private readonly load: LoadHost,
    readonly node: SchemaNode,
    private readonly reader: ChunkReader,
    private readonly toText: ValueText,
  ) {
    this.levels = [load.allocate(BATCH_ROWS * 4), load.allocate(BATCH_ROWS * 4)];
  }
  begin(piece: LoadPiece, group: RowGroup): void {
    this.repetitions = [];
    this.definitions = [];
    this.texts = [];
    this.at = 0;
    this.rows = 0;
    this.isThrough = false;
    this.reader.begin(piece, group.columns[this.node.leaf!]!);
  }
  /** Until a row is whole; false: its bytes are on the way. */
  fill(): boolean {
    while (this.rows === 0 && !this.isThrough) {
      if (!this.reader.ready()) return false;
      if (this.reader.left === 0) {
        // The last row ends with the column.
        this.isThrough = true;
        if (this.at < this.definitions.length) this.rows++;
      } else this.take(Math.min(BATCH_ROWS, this.reader.left));
    }
    if (this.rows === 0) throw new ParquetDamage('a column has fewer values than its row group rows');
    return true;
  }
  private take(n: number): void {
    const { reader, load, node, levels } = this;
    const [repetitions, definitions] = levels;
    if (this.at > 0) {
      this.repetitions.splice(0, this.at);
      this.definitions.splice(0, this.at);
      this.texts.splice(0, this.at);
      this.at = 0;
    }
    if (this.definitions.length === 0 && this.rows !== 0) throw new ParquetDamage('levels are broken');
    reader.levels(n, repetitions, definitions);
    const { view } = load.memory;
    let there = 0;
    const from = this.definitions.length;
    for (let i = 0; i < n; i++) {
      const r = node.repetition === 0 ? 0 : view.getUint32(repetitions + i * 4, true);
      const d = node.definition === 0 ? 0 : view.getUint32(definitions + i * 4, true);
      if (r > node.repetition || d > node.definition) throw new ParquetDamage('levels are broken');
      if (r === 0 && this.definitions.length > 0) this.rows++;
      if (r > 0 && this.definitions.length === 0) throw new ParquetDamage('a column begins in the middle of a row');
      this.repetitions.push(r);
      this.definitions.push(d);
      if (d === node.definition) there++;
    }
    const values = reader.values.read(there, false);
    if (there > 0 && reader.values.bad(values, there) !== undefined)
      throw new ParquetDamage('a value is out of range of its type');
    let k = 0;
    for (let i = 0; i < n; i++)
      this.texts.push(this.definitions[from + i] === node.definition ? this.toText(load, values, k++) : undefined);
    if (this.definitions.length > ROW_VALUES_MAX)
      throw limitReached('values of a row in a nested column', String(ROW_VALUES_MAX));
  }
  get definition(): number {
    const d = this.definitions[this.at];
    if (d === undefined) throw new ParquetDamage('levels are broken');
    return d;
  }
  /** Repetition level of the entry; 0 behind the last one. */
  get repetition(): number {
    return this.repetitions[this.at] ?? 0;
  }
  next(): string | undefined {
    return this.texts[this.at++];
  }
  pump(): void {
    this.reader.window.pump();
  }
  ended(): boolean {
    return this.reader.window.ended();
  }
  close(): void {
    this.reader.close();
  }
}

/** Reads a value from the leaves below its node; each stands at the value's first entry. */
type Assemble = () => string;

export class NestedColumn implements ParquetColumn {
  private readonly leaves: readonly Leaf[];
  private readonly byNode: ReadonlyMap<SchemaNode, Leaf>;
  private readonly vector: ValueVector;
  private readonly texts: TextRoom;
  private readonly value: Assemble;

  constructor(
    load: LoadHost,
    private readonly table: VectorTable,
    private readonly column: number,
    private readonly field: SchemaNode,
    readerOf: (leaf: SchemaNode, form: Form) => ChunkReader,
  ) {
    this.leaves = leavesOf(field).map((node) => {
      const natural = naturalForm(node.element);
      return new Leaf(load, node, readerOf(node, natural.form), natural.text);
    });
    this.byNode = new Map(this.leaves.map((leaf) => [leaf.node, leaf]));
    this.vector = new ValueVector(load, 'str');
    this.texts = new TextRoom(load);
    this.value = this.assembled(field);
  }
  begin(piece: LoadPiece, group: RowGroup): void {
    for (const leaf of this.leaves) leaf.begin(piece, group);
  }
  rows(): number {
    let least = Infinity;
    for (const leaf of this.leaves) least = leaf.fill() ? Math.min(least, leaf.rows) : 0;
    return least;
  }
  pump(): void {
    for (const leaf of this.leaves) leaf.pump();
  }
  read(n: number): void {
    this.texts.clear();
    for (let row = 0; row < n; row++) {
      const isNull =
        this.field.element.repetition === 'optional' && this.leaves[0]!.definition < this.field.definition;
      const text = this.value();
      for (const leaf of this.leaves) if (--leaf.rows < 0) throw new ParquetDamage('levels are broken');
      if (isNull) this.vector.setNull(row);
      else this.vector.setI64(row, this.texts.copy(Buffer.from(text)));
    }
    this.table.point(this.column, this.vector.values, this.vector.nulls);
  }
  ended(): boolean {
    return this.leaves.every((leaf) => leaf.ended());
  }
  close(): void {
    for (const leaf of this.leaves) leaf.close();
  }

  /** A node with what its repetition says: a value, maybe NULL, or as many as there are. */
  private assembled(node: SchemaNode): Assemble {
    const one = this.one(node);
    if (node.element.repetition === 'repeated') {
      const items = this.repeated(node, one);
      return () => jsonArray(items());
    }
    return this.orNull(node, one);
  }
  private orNull(node: SchemaNode, value: Assemble): Assemble {
    if (node.element.repetition !== 'optional') return value;
    const leaves = this.below(node);
    return () => {
      if (leaves[0]!.definition >= node.definition) return value();
      for (const leaf of leaves) leaf.next();
      return 'null';
    };
  }
  private below(node: SchemaNode): readonly Leaf[] {
    return leavesOf(node).map((leaf) => this.byNode.get(leaf)!);
  }
  private repeated<T>(node: SchemaNode, item: () => T): () => T[] {
    const leaves = this.below(node);
    return () => {
      const items: T[] = [];
      if (leaves[0]!.definition < node.definition) {
        for (const leaf of leaves) leaf.next();
        return items;
      }
      do items.push(item());
      while (leaves[0]!.repetition === node.repetition);
      return items;
    };
  }
  /** One value that is there. */
  private one(node: SchemaNode): Assemble {
    const leaf = this.byNode.get(node);
    if (leaf !== undefined) return () => leaf.next() ?? 'null';
    const { annotation } = node.element;
    const inner = node.children.length === 1 ? node.children[0]! : undefined;
    const isRepeated = inner?.element.repetition === 'repeated';
    if (annotation.kind === 'list' && inner !== undefined && isRepeated) return this.listOf(node, inner);
    if (annotation.kind === 'map' && inner !== undefined && isRepeated && inner.children.length > 0)
      return this.mapOf(inner);
    return this.group(node);
  }
  private group(node: SchemaNode): Assemble {
    const names = node.children.map((c) => jsonString(c.name));
    const parts = node.children.map((c) => this.assembled(c));
    return () =>
      jsonObject(
        names,
        parts.map((part) => part()),
      );
  }
  /** The layers in the middle have been written in several ways (LogicalTypes.md, backward compatibility rules). */
  private listOf(node: SchemaNode, middle: SchemaNode): Assemble {
    const isElement =
      middle.leaf !== undefined ||
      middle.children.length > 1 ||
      middle.name === 'array' ||
      middle.name === `${node.name}_tuple`;
    const items = this.repeated(middle, isElement ? this.one(middle) : this.assembled(middle.children[0]!));
    return () => jsonArray(items());
  }
  private mapOf(middle: SchemaNode): Assemble {
    const key = this.assembled(middle.children[0]!);
    const value = middle.children[1] === undefined ? () => 'null' : this.assembled(middle.children[1]);
    const entries = this.repeated(middle, () => {
      const name = key();
      return [name.startsWith('"') ? name : jsonString(name), value()] as const;
    });
    return () => {
      const all = entries();
      return jsonObject(
        all.map(([name]) => name),
        all.map(([, text]) => text),
      );
    };
  }
}
