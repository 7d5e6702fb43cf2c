/**
 * One-dimensional arrays in their text form `{a,"b c",NULL}`, how catalog arrays travel on the leader; int2vector and
 * oidvector are blank-separated and start at index 0.
 */
import type { JsValue } from './define.ts';

export interface ArrayValue {
  readonly lower: number;
  readonly items: readonly (string | null)[];
}

export function parseArray(value: JsValue): ArrayValue {
  const text = String(value).trim();
  if (!text.startsWith('{')) return { lower: 0, items: text === '' ? [] : text.split(/\s+/) };
  const items: (string | null)[] = [];
  let at = 1;
  while (at < text.length && text[at] !== '}') {
    if (text[at] === '"') {
      let item = '';
      for (at++; at < text.length && text[at] !== '"'; at++) {
        if (text[at] === '\\') at++;
        item += text[at] ?? '';
      }
      at++;
      items.push(item);
    } else {
      const start = at;
      while (at < text.length && text[at] !== ',' && text[at] !== '}') at++;
      const item = text.slice(start, at).trim();
      items.push(item.toUpperCase() === 'NULL' ? null : item);
    }
    if (text[at] === ',') at++;
  }
  return { lower: 1, items };
}

const plain = /^[^\s{}",\\]+$/;
export const formatArray = (items: readonly JsValue[]): string =>
  `{${items.map((i) => (i === null ? 'NULL' : shown(itemText(i)))).join(',')}}`;
const itemText = (item: NonNullable<JsValue>): string =>
  typeof item === 'boolean' ? (item ? 't' : 'f') : String(item);
const shown = (text: string): string =>
  plain.test(text) && text.toUpperCase() !== 'NULL' ? text : `"${text.replace(/["\\]/g, (c) => `\\${c}`)}"`;

const decimal = /^(-?)(\d+)(?:\.(\d+))?$/;
/** Two decimals by value, digit for digit; undefined when one is none. */
function compareDecimals(a: string, b: string): number | undefined {
  const [x, y] = [decimal.exec(a), decimal.exec(b)];
  if (x === null || y === null) return undefined;
  const scale = Math.max(x[3]?.length ?? 0, y[3]?.length ?? 0);
  const unscaled = (m: RegExpExecArray): bigint => BigInt(`${m[1]}${m[2]}${(m[3] ?? '').padEnd(scale, '0')}`);
  const [p, q] = [unscaled(x), unscaled(y)];
  return p < q ? -1 : p > q ? 1 : 0;
}
/** What decides which of two items comes first: the exact number, the double (NaN last), or the bytes. */
export type ItemOrder = 'number' | 'float' | 'text';

/** Order of a value and an item, both in their text forms. */
export function compareItem(order: ItemOrder, value: JsValue, item: string): number {
  const a = typeof value === 'boolean' ? (value ? 't' : 'f') : String(value);
  if (order === 'float') return compareDoubles(doubleOf(a), doubleOf(item));
  const decimals = order === 'number' ? compareDecimals(a, item) : undefined;
  if (decimals !== undefined) return decimals;
  const x = a.replace(/ +$/, '');
  const y = item.replace(/ +$/, '');
  return Buffer.compare(Buffer.from(x), Buffer.from(y));
}
const doubleOf = (text: string): number =>
  /^-?inf/i.test(text) ? (text.startsWith('-') ? -Infinity : Infinity) : Number(text);
function compareDoubles(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : a > b ? 1 : 0;
}
/** Order of two arrays: item by item, NULLs equal and last, then the shorter one first. */
export function compareArrays(order: ItemOrder, left: JsValue, right: JsValue): number {
  const [a, b] = [parseArray(left).items, parseArray(right).items];
  for (let i = 0; i < a.length && i < b.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    const c = x === null || y === null ? Number(x === null) - Number(y === null) : compareItem(order, x, y);
    if (c !== 0) return Math.sign(c);
  }
  return Math.sign(a.length - b.length);
}
/** value op ANY / ALL (array) with SQL's NULL rules. */
export function quantified(
  all: boolean,
  test: (order: number) => boolean,
  [value, array, order]: readonly JsValue[],
): boolean | null {
  if (value === null || value === undefined || array === null || array === undefined) return null;
  let unknown = false;
  for (const item of parseArray(array).items) {
    if (item === null) unknown = true;
    else if (test(compareItem(order as ItemOrder, value, item)) !== all) return !all;
  }
  return unknown ? null : all;
}
