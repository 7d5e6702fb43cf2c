/**
 * The attributes of a shapefile, a dBase table: its fields, and the fields of a record as texts that COPY converts. A blank field is NULL.
 */
import { ShapeDamage, SHAPE_REASON } from './shapes.ts';

export interface DbfField {
  readonly name: string;
  readonly type: string;
  readonly start: number;
  readonly bytes: number;
}
export interface DbfTable {
  readonly headBytes: number;
  readonly recordBytes: number;
  readonly records: number;
  readonly fields: readonly DbfField[];
  /** Label of the encoding that the table's language means; undefined: it says none that is known. */
  readonly encoding: string | undefined;
}
const HEAD_BYTES = 32;
const FIELD_BYTES = 32;
export const DBF_HEAD_BYTES_MAX = 65_535;
const TERMINATOR = 0x0d;

/** By the language driver. */
const LANGUAGES: Readonly<Record<number, string>> = {
  0x03: 'windows-1252',
  0x13: 'shift_jis',
  0x26: 'ibm866',
  0x4d: 'gbk',
  0x4e: 'euc-kr',
  0x4f: 'big5',
  0x50: 'windows-874',
  0x57: 'windows-1252',
  0x58: 'windows-1252',
  0x59: 'windows-1252',
  0x65: 'ibm866',
  0x78: 'big5',
  0x79: 'euc-kr',
  0x7a: 'gbk',
  0x7b: 'shift_jis',
  0x7c: 'windows-874',
  0x7d: 'windows-1255',
  0x7e: 'windows-1256',
  0xc8: 'windows-1250',
  0xc9: 'windows-1251',
  0xca: 'windows-1254',
  0xcb: 'windows-1253',
  0xcc: 'windows-1257',
};
/** Types that a field may have. */
const TYPES: ReadonlySet<string> = new Set(['C', 'N', 'F', 'D', 'L', 'I', '+', 'O', 'B', 'Y']);
const WIDTHS: Readonly<Record<string, number>> = { I: 4, '+': 4, O: 8, B: 8, Y: 8 };

const unreadable = (): never => {
  throw new ShapeDamage(SHAPE_REASON.attributes);
};

/** Bytes of the head; undefined: more are needed. */
export function dbfHeadBytes(bytes: Uint8Array): number | undefined {
  return bytes.length < HEAD_BYTES ? undefined : bytes[8]! | (bytes[9]! << 8);
}
export function readDbfHead(bytes: Uint8Array): DbfTable {
  if (bytes.length < HEAD_BYTES) unreadable();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headBytes = view.getUint16(8, true);
  const recordBytes = view.getUint16(10, true);
  if (bytes.length < headBytes || headBytes < HEAD_BYTES + 1 || recordBytes < 1) unreadable();
  const fields: DbfField[] = [];
  let start = 1;
  for (let at = HEAD_BYTES; at + FIELD_BYTES <= headBytes && bytes[at] !== TERMINATOR; at += FIELD_BYTES) {
    const name = Buffer.from(bytes.slice(at, at + 11))
      .toString('latin1')
      .replace(/\0.*$/s, '');
    const type = String.fromCharCode(bytes[at + 11]!);
    // The length of a text has its high byte where decimals stand.
    const length = type === 'C' ? bytes[at + 16]! | (bytes[at + 17]! << 8) : bytes[at + 16]!;
    if (!TYPES.has(type)) throw new ShapeDamage(SHAPE_REASON.attributes, `field ${name} has type ${type}`);
    if (WIDTHS[type] !== undefined && WIDTHS[type] !== length) unreadable();
    fields.push({ name, type, start, bytes: length });
    start += length;
  }
  if (start > recordBytes) unreadable();
  return {
    headBytes,
    recordBytes,
    records: view.getUint32(4, true),
    fields,
    encoding: LANGUAGES[bytes[29]!],
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const latin1 = new TextDecoder('windows-1252');
export type Decode = (bytes: Uint8Array) => string;
/** By a .cpg file's label or the table's language; else UTF-8, and Windows' Latin where it is none. */
export function decoderOf(label: string | undefined): Decode {
  if (label !== undefined) {
    const named = /^\d+$/.test(label)
      ? label === '65001'
        ? 'utf-8'
        : `windows-${label}`
      : label.replace(/^ansi /i, 'windows-');
    try {
      const decoder = new TextDecoder(named);
      return (bytes) => decoder.decode(bytes);
    } catch {
      // An unknown label says nothing.
    }
  }
  return (bytes) => {
    try {
      return utf8.decode(bytes);
    } catch {
      return latin1.decode(bytes);
    }
  };
}

const isBlank = (byte: number): boolean => byte === 32 || byte === 0;
function trimmed(bytes: Uint8Array, front: boolean): Uint8Array {
  let [from, to] = [0, bytes.length];
  while (to > from && isBlank(bytes[to - 1]!)) to--;
  while (front && from < to && isBlank(bytes[from]!)) from++;
  return bytes.subarray(from, to);
}
const ascii = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

/** A field as text; undefined is NULL. */
export function dbfText({ type, start, bytes }: DbfField, record: Uint8Array, decode: Decode): string | undefined {
  const raw = record.subarray(start, start + bytes);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  switch (type) {
    case 'C': {
      const text = trimmed(raw, false);
      return text.length === 0 ? undefined : decode(text);
    }
    case 'N':
    case 'F': {
      const text = ascii(trimmed(raw, true));
      // A number that did not fit.
      return text === '' || /^\*+$/.test(text) ? undefined : text;
    }
    case 'D': {
      const text = ascii(trimmed(raw, true));
      if (text === '' || /^0+$/.test(text)) return undefined;
      return /^\d{8}$/.test(text) ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}` : text;
    }
    case 'L': {
      const letter = ascii(raw).toUpperCase();
      return 'TY'.includes(letter) ? 'true' : 'FN'.includes(letter) ? 'false' : undefined;
    }
    case 'I':
    case '+':
      return String(view.getInt32(0, true));
    case 'Y': {
      const value = view.getBigInt64(0, true);
      const digits = (value < 0n ? -value : value).toString().padStart(5, '0');
      return `${value < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
    }
    default:
      return String(view.getFloat64(0, true));
  }
}
