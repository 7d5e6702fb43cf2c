/**
 * Well-known text, both ways. EWKT is WKT behind `SRID=n;`. A geometry of z, m or both says so behind its kind, with or
 * without a blank; numbers are read as doubles, names in any case.
 */
import { GEOMETRY_NESTING_MAX } from '../common/limits.ts';
import {
  COLLECTION,
  emptyOf,
  FLAT,
  KIND_NAMES,
  kindName,
  line,
  LINESTRING,
  multi,
  MULTILINESTRING,
  MULTIPOINT,
  MULTIPOLYGON,
  point,
  POINT,
  polygon,
  POLYGON,
  sameDims,
  stride,
  type Dims,
  type Geometry,
  type Kind,
} from './geometry.ts';
import { unreadable } from './spatial-error.ts';

const TOKEN = /\s*(?:([A-Za-z]+)|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|([(),]))/y;
const SRID = /^\s*SRID\s*=\s*(\d{1,10})\s*;/i;
const KINDS = new Map((Object.keys(KIND_NAMES) as unknown as Kind[]).map((k) => [kindName(k), Number(k) as Kind]));
const TAG = /^([A-Z]+?)(ZM|Z|M)?$/;
const TAGS: Readonly<Record<string, Dims>> = {
  Z: { hasZ: true, hasM: false },
  M: { hasZ: false, hasM: true },
  ZM: { hasZ: true, hasM: true },
};

class Parser {
  private word: string | undefined;
  private number: number | undefined;
  private mark: string | undefined;
  private at: number;

  constructor(
    private readonly text: string,
    from: number,
  ) {
    this.at = from;
    this.next();
  }
  fail(): never {
    const near = this.text.slice(this.at, this.at + 20);
    throw unreadable(`Invalid WKT: unexpected input at position ${this.at}${near === '' ? '' : ` near '${near}'`}`);
  }
  private start = 0;
  private next(): void {
    this.start = this.at;
    this.word = this.number = this.mark = undefined;
    TOKEN.lastIndex = this.at;
    const m = TOKEN.exec(this.text);
    if (m === null) {
      if (this.text.slice(this.at).trim() !== '') this.fail();
      return;
    }
    this.at = TOKEN.lastIndex;
    if (m[1] !== undefined) this.word = m[1].toUpperCase();
    else if (m[2] !== undefined) this.number = Number(m[2]);
    else this.mark = m[3];
  }
  private isEmpty(): boolean {
    if (this.word !== 'EMPTY') return false;
    this.next();
    return true;
  }
  private take(mark: string): void {
    if (!this.has(mark)) {
      this.at = this.start;
      this.fail();
    }
  }
  private has(mark: string): boolean {
    if (this.mark !== mark) return false;
    this.next();
    return true;
  }
  private list<T>(item: () => T): T[] {
    const items: T[] = [];
    this.take('(');
    do items.push(item());
    while (this.has(','));
    this.take(')');
    return items;
  }
  private numbers(d: Dims, into: number[]): void {
    for (let i = stride(d); i > 0; i--) {
      if (this.number === undefined || !Number.isFinite(this.number)) {
        this.at = this.start;
        this.fail();
      }
      into.push(this.number);
      this.next();
    }
  }
  private run(d: Dims): Float64Array {
    const numbers: number[] = [];
    this.list(() => this.numbers(d, numbers));
    return Float64Array.from(numbers);
  }
  private runOrEmpty = (d: Dims): Float64Array => (this.isEmpty() ? new Float64Array(0) : this.run(d));
  private onePoint(d: Dims): Geometry {
    const numbers: number[] = [];
    this.take('(');
    this.numbers(d, numbers);
    this.take(')');
    return point(d, Float64Array.from(numbers));
  }
  private polygon = (d: Dims): Geometry =>
    this.isEmpty()
      ? emptyOf(POLYGON, d)
      : polygon(
          d,
          this.list(() => this.runOrEmpty(d)),
        );
  /** With its parentheses or without. */
  private pointOf(d: Dims): Geometry {
    if (this.isEmpty()) return emptyOf(POINT, d);
    if (this.mark === '(') return this.onePoint(d);
    const numbers: number[] = [];
    this.numbers(d, numbers);
    return point(d, Float64Array.from(numbers));
  }
  private head(): { readonly kind: Kind; readonly d: Dims } {
    const m = TAG.exec(this.word ?? '');
    let kind = KINDS.get(this.word ?? '');
    let tag: string | undefined;
    if (kind === undefined && m !== null) {
      kind = KINDS.get(m[1]!);
      tag = m[2];
    }
    if (kind === undefined) {
      this.at = this.start;
      this.fail();
    }
    this.next();
    if (tag === undefined && this.word !== undefined && TAGS[this.word] !== undefined) {
      tag = this.word;
      this.next();
    }
    return { kind, d: tag === undefined ? FLAT : TAGS[tag]! };
  }
  geometry(depth: number): Geometry {
    if (depth > GEOMETRY_NESTING_MAX) throw unreadable('Invalid WKT: collections are nested too deeply');
    const { kind, d } = this.head();
    if (kind !== POLYGON && this.isEmpty()) return emptyOf(kind, d);
    switch (kind) {
      case POINT:
        return this.onePoint(d);
      case LINESTRING:
        return line(d, this.run(d));
      case POLYGON:
        return this.polygon(d);
      case MULTIPOINT:
        return multi(
          kind,
          d,
          this.list(() => this.pointOf(d)),
        );
      case MULTILINESTRING:
        return multi(
          kind,
          d,
          this.list(() => line(d, this.runOrEmpty(d))),
        );
      case MULTIPOLYGON:
        return multi(
          kind,
          d,
          this.list(() => this.polygon(d)),
        );
      case COLLECTION: {
        const parts = this.list(() => this.geometry(depth + 1));
        if (parts.some((p) => !sameDims(p, d))) throw unreadable('Invalid WKT: parts have different dimensions');
        return multi(kind, d, parts);
      }
    }
  }
  end(): void {
    if (this.start < this.text.trimEnd().length) {
      this.at = this.start;
      this.fail();
    }
  }
}

/** A geometry of WKT or, where `extended`, EWKT; SRID undefined where the text has none. */
export function readWkt(
  text: string,
  extended: boolean,
): { readonly geometry: Geometry; readonly srid: number | undefined } {
  const m = extended ? SRID.exec(text) : null;
  const parser = new Parser(text, m?.[0].length ?? 0);
  const geometry = parser.geometry(0);
  parser.end();
  return { geometry, srid: m === null ? undefined : Number(m[1]) };
}

const dimsText = ({ hasZ, hasM }: Dims): string => (hasZ || hasM ? ` ${hasZ ? 'Z' : ''}${hasM ? 'M' : ''} ` : '');

export function writeWkt(g: Geometry, number: (v: number) => string): string {
  const out: string[] = [];
  const step = stride(g);
  const run = (points: Float64Array): void => {
    if (points.length === 0) {
      out.push('EMPTY');
      return;
    }
    out.push('(');
    for (let i = 0; i < points.length; i++) {
      if (i > 0) out.push(i % step === 0 ? ',' : ' ');
      out.push(number(points[i]!));
    }
    out.push(')');
  };
  const list = <T>(items: readonly T[], item: (i: T) => void): void => {
    if (items.length === 0) {
      out.push('EMPTY');
      return;
    }
    out.push('(');
    for (const [i, one] of items.entries()) {
      if (i > 0) out.push(',');
      item(one);
    }
    out.push(')');
  };
  const body = (of: Geometry): void => {
    if (of.kind === POINT || of.kind === LINESTRING) run(of.points);
    else if (of.kind === POLYGON) list(of.rings, run);
    else list(of.parts, of.kind === COLLECTION ? whole : body);
  };
  const whole = (of: Geometry): void => {
    const tag = dimsText(of);
    const bare = of.kind < POLYGON ? of.points.length === 0 : of.rings.length + of.parts.length === 0;
    out.push(kindName(of.kind), bare && tag === '' ? ' ' : tag);
    body(of);
  };
  whole(g);
  return out.join('');
}
export const writeEwkt = (g: Geometry, srid: number, number: (v: number) => string): string =>
  (srid === 0 ? '' : `SRID=${srid};`) + writeWkt(g, number);
