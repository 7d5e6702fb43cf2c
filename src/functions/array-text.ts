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
  `{${items.map((i) => (i === null ? 'NULL' : shown(String(i)))).join(',')}}`;
const shown = (text: string): string =>
  plain.test(text) && text.toUpperCase() !== 'NULL' ? text : `"${text.replace(/["\\]/g, (c) => `\\${c}`)}"`;

const number = /^-?\d+(\.\d+)?$/;
/** Order of a value and an item: numbers by value, everything else bytewise. */
export function compareItem(value: JsValue, item: string): number {
  const a = typeof value === 'boolean' ? (value ? 't' : 'f') : String(value);
  if (number.test(a) && number.test(item)) return Number(a) - Number(item);
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
