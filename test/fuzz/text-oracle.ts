/**
 * How COPY reads delimited text, CSV and fixed width, written a second time from the manual, byte by byte and without any of the
 * engine's code: what a fuzzed file must load as, and which of its records must be refused.
 */
export interface OracleFormat {
  readonly kind: 'delimited' | 'csv' | 'fixedwidth';
  readonly columns: number;
  readonly delimiter: number;
  readonly quote: number;
  readonly nullText: string;
  readonly escape: boolean;
  readonly removeQuotes: boolean;
  readonly ignoreHeader: number;
  readonly ignoreBlankLines: boolean;
  readonly emptyAsNull: boolean;
  readonly blanksAsNull: boolean;
  readonly trimBlanks: boolean;
  readonly fillRecord: boolean;
  readonly widths: readonly number[];
}
/** A record: its fields, or the code it is refused with. */
export type OracleRecord = readonly (string | null)[] | number;

const FEED = 10;
const RETURN = 13;
const BACKSLASH = 92;
const isBlank = (c: number): boolean => c === 32 || (c >= 9 && c <= 13);

/** Strict UTF-8; undefined: it is none. */
function decoded(bytes: readonly number[]): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}
interface Field {
  /** As written, and what it means. */
  readonly raw: readonly number[];
  readonly value: readonly number[];
  readonly isQuoted?: true;
}
type Bad = { readonly code: number };
/** The manual does not say where a record ends that has too many fields and bad quotes in one of those. */
export class Undecided extends TypeError {}

/** What a field becomes in a VARCHAR column; undefined: no UTF-8. */
function meaning(field: Field, f: OracleFormat): string | null | undefined {
  const raw = Buffer.from(field.raw).toString('latin1');
  const value = Buffer.from(field.value).toString('latin1');
  const nullText = Buffer.from(f.nullText).toString('latin1');
  if (raw === nullText || (f.kind === 'csv' && value === nullText)) return null;
  // A field of fixed width has blanks behind it.
  const isPadded = f.kind === 'fixedwidth' && !['', '\0'].includes(nullText) && raw.startsWith(nullText);
  if (isPadded && field.raw.slice(nullText.length).every(isBlank)) return null;
  if (field.value.length === 0) return f.emptyAsNull ? null : '';
  if (f.blanksAsNull && field.value.every(isBlank)) return null;
  let end = field.value.length;
  if (f.trimBlanks) while (end > 0 && field.value[end - 1] === 32) end--;
  const kept = field.value.slice(0, end);
  return f.nullText === '\0' && kept.length > 1 && kept.includes(0) ? undefined : decoded(kept);
}

class Reading {
  at = 0;
  constructor(
    private readonly bytes: Uint8Array,
    private readonly f: OracleFormat,
  ) {}
  records(): OracleRecord[] {
    const out: OracleRecord[] = [];
    for (let skip = this.f.ignoreHeader; skip > 0 && this.at < this.bytes.length; skip--)
      this.at = this.lineEnd() + 1;
    while (this.at < this.bytes.length) {
      const record = this.f.kind === 'fixedwidth' ? this.fixed() : this.record();
      if (record !== undefined) out.push(record);
    }
    return out;
  }
  private lineEnd(): number {
    const end = this.bytes.indexOf(FEED, this.at);
    return end < 0 ? this.bytes.length : end;
  }
  /** Goes behind the line that a bad field stands in; what is escaped does not end it. */
  private skipLine(): void {
    for (; this.at < this.bytes.length && this.bytes[this.at] !== FEED; this.at++)
      if (this.f.escape && this.bytes[this.at] === BACKSLASH) this.at++;
    this.at++;
  }
  /** The text of a line without its end; goes behind it. */
  private line(): Uint8Array {
    const end = this.lineEnd();
    const line = this.bytes.subarray(this.at, end);
    this.at = end + 1;
    return line.at(-1) === RETURN && end < this.bytes.length ? line.subarray(0, -1) : line;
  }

  private fixed(): OracleRecord | undefined {
    const { f } = this;
    const line = this.line();
    if (line.length === 0 && f.ignoreBlankLines) return undefined;
    const text = decoded([...line]);
    // Where characters begin is not to be said then.
    if (text === undefined) return 1220;
    const characters = [...text];
    const fields: (string | null | undefined)[] = [];
    let from = 0;
    for (const [i, width] of f.widths.entries()) {
      if (from >= characters.length && (i > 0 || characters.length === 0)) {
        if (!f.fillRecord) return 1203;
        while (fields.length < f.widths.length) fields.push(f.emptyAsNull ? null : '');
        break;
      }
      const value = [...Buffer.from(characters.slice(from, from + width).join(''))];
      fields.push(meaning({ raw: value, value }, f));
      from += width;
    }
    if (from < characters.length) return 1216;
    return fields.includes(undefined) ? 1218 : (fields as (string | null)[]);
  }

  private record(): OracleRecord | undefined {
    const { f } = this;
    const start = this.at;
    const isEmpty =
      this.bytes[start] === FEED || (this.bytes[start] === RETURN && (this.bytes[start + 1] ?? FEED) === FEED);
    if (isEmpty && (f.columns > 1 || f.ignoreBlankLines)) {
      this.line();
      if (f.ignoreBlankLines) return undefined;
      return f.fillRecord ? Array.from({ length: f.columns }, () => (f.emptyAsNull ? null : '')) : 1211;
    }
    const fields: Field[] = [];
    let isLast = false;
    while (!isLast) {
      const field = f.kind === 'csv' ? this.csvField() : this.plainField();
      if ('code' in field) {
        if (fields.length >= f.columns) throw new Undecided();
        this.skipLine();
        return field.code;
      }
      fields.push(field);
      isLast = this.at >= this.bytes.length || this.bytes[this.at] === FEED;
      if (this.at >= this.bytes.length) break;
      this.at++;
    }
    const last = fields.at(-1)!;
    const isEnd = last.raw.length === 0 && last.isQuoted !== true;
    const emptyEnd = f.kind === 'delimited' && fields.length === f.columns + 1 && isEnd;
    if (fields.length > f.columns && !emptyEnd) return 1202;
    if (fields.length < f.columns && !f.fillRecord) return 1214;
    const values = fields.slice(0, f.columns).map((field) => meaning(field, f));
    if (values.includes(undefined)) return 1220;
    while (values.length < f.columns) values.push(f.emptyAsNull ? null : '');
    return values as (string | null)[];
  }
  /** Where a field that begins here ends if nothing in it is special. */
  private ends(at: number): boolean {
    const c = this.bytes[at];
    return c === undefined || c === this.f.delimiter || c === FEED;
  }
  /** Takes a line's carriage return off a field that ends with its line. */
  private field(from: number, raw: number[], value: number[], isEscaped: boolean): Field {
    const endsLine = this.at >= this.bytes.length || this.bytes[this.at] === FEED;
    if (!endsLine || this.at === from || raw.at(-1) !== RETURN || isEscaped) return { raw, value };
    return { raw: raw.slice(0, -1), value: value.slice(0, -1) };
  }
  private plainField(): Field | Bad {
    const { f } = this;
    const first = this.bytes[this.at];
    if (f.removeQuotes && (first === 34 || first === 39)) return this.quotedField(first);
    const from = this.at;
    const raw: number[] = [];
    const value: number[] = [];
    let isEscaped = false;
    while (this.at < this.bytes.length) {
      const c = this.bytes[this.at]!;
      if (f.escape && c === BACKSLASH && this.at + 1 < this.bytes.length) {
        const next = this.bytes[this.at + 1]!;
        raw.push(c, next);
        value.push(next);
        this.at += 2;
        isEscaped = true;
        continue;
      }
      if (this.ends(this.at)) break;
      raw.push(c);
      value.push(c);
      this.at++;
      isEscaped = false;
    }
    return this.field(from, raw, value, isEscaped);
  }
  /** REMOVEQUOTES: the closing quote stands before a delimiter, a line end or the end. */
  private quotedField(quote: number): Field | Bad {
    const { f } = this;
    const value: number[] = [];
    const raw: number[] = [];
    for (let at = this.at + 1; at < this.bytes.length; at++) {
      const c = this.bytes[at]!;
      if (c === FEED) return { code: 1214 };
      if (f.escape && c === BACKSLASH) {
        raw.push(c);
        if (at + 1 < this.bytes.length) {
          value.push(this.bytes[++at]!);
          raw.push(this.bytes[at]!);
        } else value.push(c);
        continue;
      }
      const isCloser = this.ends(at + 1) || (this.bytes[at + 1] === RETURN && (this.bytes[at + 2] ?? FEED) === FEED);
      if (c === quote && isCloser) {
        this.at = this.bytes[at + 1] === RETURN && !this.ends(at + 1) ? at + 2 : at + 1;
        return { raw, value, isQuoted: true };
      }
      raw.push(c);
      value.push(c);
    }
    return { code: 1214 };
  }
  private csvField(): Field | Bad {
    const { f } = this;
    const from = this.at;
    let open = from;
    while (open < this.bytes.length && !this.ends(open) && isBlank(this.bytes[open]!)) open++;
    if (this.bytes[open] !== f.quote || this.ends(open)) {
      const raw: number[] = [];
      while (!this.ends(this.at)) raw.push(this.bytes[this.at++]!);
      return this.field(from, raw, raw, false);
    }
    const raw: number[] = [];
    const value: number[] = [];
    let at = open + 1;
    for (; ; at++) {
      if (at >= this.bytes.length) {
        this.at = this.bytes.length;
        return { code: 1214 };
      }
      const c = this.bytes[at]!;
      if (c === f.quote) {
        if (this.bytes[at + 1] !== f.quote) break;
        raw.push(c);
        at++;
      }
      raw.push(c);
      value.push(c);
    }
    for (at++; !this.ends(at); at++)
      if (!isBlank(this.bytes[at]!)) {
        this.at = at;
        return { code: 1214 };
      }
    this.at = at;
    return { raw, value };
  }
}

export const readAsOracle = (bytes: Uint8Array, format: OracleFormat): readonly OracleRecord[] =>
  new Reading(bytes, format).records();
