/**
 * A schema and the tree of wanted values (json/path-tree.ts) as a program for the kernel scan_avro, in one piece of node memory; its
 * layout stands in wasm/runtime/avro-read.ts. Types nobody wants a part of are compiled once, so that recursive ones are cycles.
 */
import type { PathNode } from '../json/path-tree.ts';
import type { LoadHost } from '../load-format.ts';
import type { AvroKind, AvroType } from './schema.ts';

const KINDS: readonly AvroKind[] = [
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
  'fixed',
  'enum',
  'record',
  'array',
  'map',
  'union',
];
const NODE_BYTES = 48;
const ANY = { none: 0, here: 1, below: 2 } as const;
/** Reasons of text/load-reason.ts. */
const REFUSES = { object: 21, array: 22 } as const;

const NOTHING: PathNode = { columns: [], names: new Map(), indexes: new Map() };
const wantsMore = (path: PathNode): boolean => path.names.size > 0 || path.indexes.size > 0;

/** Whether a value of the type may have no byte. A record that holds itself has no end at all. */
function isFree(type: AvroType, known: Map<AvroType, boolean>): boolean {
  const before = known.get(type);
  if (before !== undefined) return before;
  known.set(type, true);
  const free =
    type.kind === 'null' ||
    (type.kind === 'fixed' && type.size === 0) ||
    (type.kind === 'record' && type.fields.every((f) => isFree(f.type, known)));
  known.set(type, free);
  return free;
}

class Compiler {
  private bytes = new DataView(new ArrayBuffer(4096));
  /** Offset 0 means nothing. */
  private used = 8;
  /** Places of offsets, which become addresses. */
  private readonly links: number[] = [];
  readonly free = new Map<AvroType, boolean>();
  private readonly made = new Map<PathNode, Map<AvroType, number>>();
  constructor(private readonly ignoresCase: boolean) {}

  private take(bytes: number): number {
    const at = this.used;
    this.used += (bytes + 3) & ~3;
    if (this.used > this.bytes.byteLength) {
      const more = new Uint8Array(Math.max(this.used, this.bytes.byteLength * 2));
      more.set(new Uint8Array(this.bytes.buffer));
      this.bytes = new DataView(more.buffer);
    }
    return at;
  }
  private word(at: number, value: number): void {
    this.bytes.setInt32(at, value, true);
  }
  private link(at: number, offset: number): void {
    this.word(at, offset);
    if (offset !== 0) this.links.push(at);
  }
  private text(text: string): readonly [number, number] {
    const encoded = Buffer.from(text);
    const at = this.take(encoded.length);
    new Uint8Array(this.bytes.buffer).set(encoded, at);
    return [at, encoded.length];
  }
  private texts(all: readonly string[]): number {
    const at = this.take(all.length * 8);
    all.forEach((one, i) => {
      const [text, bytes] = this.text(one);
      this.link(at + i * 8, text);
      this.word(at + i * 8 + 4, bytes);
    });
    return at;
  }

  node(type: AvroType, path: PathNode): number {
    const known = this.made.get(path) ?? new Map<AvroType, number>();
    this.made.set(path, known);
    const before = known.get(type);
    if (before !== undefined) return before;
    const at = this.take(NODE_BYTES);
    known.set(type, at);
    this.word(at, KINDS.indexOf(type.kind));
    this.word(at + 4, type.isDecimal ? 1 : 0);
    this.word(
      at + 12,
      type.kind === 'fixed' ? type.size : type.kind === 'enum' ? type.symbols.length : type.fields.length,
    );
    this.word(at + 32, type.scale);
    this.word(at + 36, wantsMore(path) ? ANY.below : path.columns.length > 0 ? ANY.here : ANY.none);
    this.word(at + 44, isFree(type, this.free) ? 1 : 0);
    if (path.columns.length > 0) {
      const list = this.take((path.columns.length + 1) * 4);
      [...path.columns, -1].forEach((column, i) => this.word(list + i * 4, column));
      this.link(at + 8, list);
    }
    if (type.kind === 'enum') this.link(at + 20, this.texts(type.symbols));
    this.parts(at, type, path);
    return at;
  }
  private parts(at: number, type: AvroType, path: PathNode): void {
    const children = (nodes: readonly (() => number)[]): void => {
      const list = this.take(nodes.length * 4);
      this.link(at + 16, list);
      nodes.forEach((node, i) => this.link(list + i * 4, node()));
    };
    switch (type.kind) {
      case 'union':
        return children(type.fields.map((f) => () => this.node(f.type, path)));
      case 'record':
        this.refuses(at, path.indexes.size > 0 ? REFUSES.array : 0);
        children(type.fields.map((f) => () => this.node(f.type, this.named(path, f.name))));
        return this.link(at + 20, this.texts(type.fields.map((f) => `${JSON.stringify(f.name)}:`)));
      case 'map':
        this.refuses(at, path.indexes.size > 0 ? REFUSES.array : 0);
        children([() => this.node(type.fields[0]!.type, NOTHING)]);
        return this.keys(at, type.fields[0]!.type, path);
      case 'array':
        this.refuses(at, path.names.size > 0 ? REFUSES.object : 0);
        children([() => this.node(type.fields[0]!.type, NOTHING)]);
        return this.indexes(at, type.fields[0]!.type, path);
      default:
        this.refuses(at, path.names.size > 0 ? REFUSES.object : path.indexes.size > 0 ? REFUSES.array : 0);
    }
  }
  private refuses(at: number, reason: number): void {
    this.word(at + 40, reason);
  }
  private named(path: PathNode, name: string): PathNode {
    return path.names.get(this.ignoresCase ? name.toLowerCase() : name) ?? NOTHING;
  }
  private keys(at: number, item: AvroType, { names }: PathNode): void {
    const list = this.take(names.size * 12);
    this.word(at + 24, names.size);
    this.link(at + 28, list);
    [...names].forEach(([name, path], i) => {
      const [text, bytes] = this.text(name);
      this.link(list + i * 12, text);
      this.word(list + i * 12 + 4, bytes);
      this.link(list + i * 12 + 8, this.node(item, path));
    });
  }
  private indexes(at: number, item: AvroType, { indexes }: PathNode): void {
    const list = this.take(indexes.size * 8);
    this.word(at + 24, indexes.size);
    this.link(at + 28, list);
    [...indexes]
      .sort(([a], [b]) => a - b)
      .forEach(([index, path], i) => {
        this.word(list + i * 8, index);
        this.link(list + i * 8 + 4, this.node(item, path));
      });
  }
  /** Puts it into node memory. */
  place({ memory, allocate }: Pick<LoadHost, 'memory' | 'allocate'>): number {
    const base = allocate(this.used);
    for (const at of this.links) this.word(at, this.bytes.getUint32(at, true) + base);
    memory.bytes.set(new Uint8Array(this.bytes.buffer, 0, this.used), base);
    return base;
  }
}

export interface AvroProgram {
  /** What to free. */
  readonly base: number;
  /** Address of the root's node. */
  readonly root: number;
  /** A record may have no byte. */
  readonly isFree: boolean;
}
export function placeProgram(
  host: Pick<LoadHost, 'memory' | 'allocate'>,
  schema: AvroType,
  tree: PathNode,
  ignoresCase: boolean,
): AvroProgram {
  const compiler = new Compiler(ignoresCase);
  const root = compiler.node(schema, tree);
  const base = compiler.place(host);
  return { base, root: base + root, isFree: compiler.free.get(schema)! };
}
