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
/** Order of a value and an item: numbers by value, everything else bytewise. */
export function compareItem(value: JsValue, item: string): number {
  const a = typeof value === 'boolean' ? (value ? 't' : 'f') : String(value);
  const order = compareDecimals(a, item);
  if (order !== undefined) return order;
  const x = a.replace(/ +$/, '');
  const y = item.replace(/ +$/, '');
  return Buffer.compare(Buffer.from(x), Buffer.from(y));
}
/** value op ANY / ALL (array) with SQL's NULL rules. */
export function quantified(
  all: boolean,
  test: (order: number) => boolean,
  value: JsValue,
  array: JsValue,
): boolean | null {
  if (value === null || array === null) return null;
  let unknown = false;
  for (const item of parseArray(array).items) {
    if (item === null) unknown = true;
    else if (test(compareItem(value, item)) !== all) return !all;
  }
  return unknown ? null : all;
}
