/**
 * SUPER values against JSON.parse: random documents go through the binary form and come back, every path leads where it does
 * in JavaScript, keys order values as their meaning does, and texts that are no JSON are refused as JSON.parse refuses them.
 */
import { describe, expect, test } from 'vitest';
import { Prng } from '../../common/prng.ts';
import { trials } from '../../common/test-trials.ts';
import { makeBench } from './test-bed.ts';

const SEED = 20261127;
const b = await makeBench();

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
const NAMES = ['a', 'b', 'c', 'some longer name', 'é', '', 'A', 'k"\\', '0'];
const TEXTS = ['', 'x', 'a  ', 'quote " and \\', 'line\nfeed\ttab\u0001', 'é⬤😀', 'z'.repeat(300)];

function randomJson(random: Prng, depth: number): Json {
  const pick = random.u32() % (depth > 4 ? 7 : 10);
  switch (pick) {
    case 0:
      return null;
    case 1:
      return random.u32() % 2 === 0;
    case 2:
      return (random.u32() % 2000) - 1000;
    case 3:
      return random.u32() * 4096 - 2 ** 42;
    case 4:
      return ((random.u32() % 100000) - 50000) / 100;
    case 5:
    case 6:
      return TEXTS[random.u32() % TEXTS.length]!;
    case 7:
      return Array.from({ length: random.u32() % (depth === 0 ? 400 : 6) }, () => randomJson(random, depth + 1));
    default: {
      const out: { [key: string]: Json } = {};
      for (let n = random.u32() % 7; n > 0; n--) out[NAMES[random.u32() % NAMES.length]!] = randomJson(random, depth + 1);
      return out;
    }
  }
}
const parse = (text: string): bigint => b.call('super_parse', text, 0, 0) as bigint;
const more = (name: string, ...args: (bigint | number | string)[]): bigint => b.callMore(name, ...args) as bigint;
const textOf = (value: bigint): string => b.text(more('super_to_json', value));

/** JSON text as JSON.stringify writes it, with the keys in the order of insertion: numbers like "0" go first in JavaScript. */
const spaced = (value: Json): string => JSON.stringify(value, null, 1);

test('documents come back as they were', () => {
  const random = new Prng(SEED);
  for (let i = 0; i < trials(3000); i++) {
    const value = randomJson(random, 0);
    expect(textOf(parse(spaced(value))), `trial ${i}`).toBe(JSON.stringify(value));
  }
});

test('a path leads to the same part, which is a value of its own', () => {
  const random = new Prng(SEED + 1);
  for (let i = 0; i < trials(3000); i++) {
    let part = randomJson(random, 0);
    const value = parse(JSON.stringify(part));
    let path = '';
    while (part !== null && typeof part === 'object' && random.u32() % 5 > 0) {
      const keys = Object.keys(part);
      if (keys.length === 0) break;
      const key = keys[random.u32() % keys.length]!;
      path += Array.isArray(part) ? `[${key}]` : `.${Buffer.byteLength(key)}:${key}`;
      part = (part as { [key: string]: Json })[key]!;
    }
    const found = more('super_path', value, path, 0);
    expect(textOf(found), `trial ${i}, path ${path}`).toBe(JSON.stringify(part));
    expect(textOf(more('super_array1', found, 0)), `trial ${i} in an array`).toBe(JSON.stringify([part]));
  }
});

/** Order of kinds, then of values; strings without trailing blanks, by bytes. */
const KINDS = ['boolean', 'number', 'string', 'array', 'object', 'null'];
const kindOf = (v: Json): number => KINDS.indexOf(v === null ? 'null' : Array.isArray(v) ? 'array' : typeof v);
const bytes = (s: string): Buffer => Buffer.from(s.replace(/ +$/, ''));
function order(x: Json, y: Json): number {
  const kind = kindOf(x) - kindOf(y);
  if (kind !== 0) return Math.sign(kind);
  if (Array.isArray(x) && Array.isArray(y)) {
    for (let i = 0; i < Math.min(x.length, y.length); i++) if (order(x[i]!, y[i]!) !== 0) return order(x[i]!, y[i]!);
    return Math.sign(x.length - y.length);
  }
  if (typeof x === 'string') return Buffer.compare(bytes(x), bytes(y as string));
  if (x !== null && typeof x === 'object') {
    const sorted = (o: Json): Json[] =>
      Object.entries(o as object)
        .sort(([p], [q]) => Buffer.compare(Buffer.from(p), Buffer.from(q)))
        .flatMap(([k, v]) => [k, v]);
    return orderPairs(sorted(x), sorted(y));
  }
  return x === y ? 0 : Number(x) < Number(y) ? -1 : 1;
}
function orderPairs(x: Json[], y: Json[]): number {
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const plain = i % 2 === 0;
    const c = plain
      ? Buffer.compare(Buffer.from(x[i] as string), Buffer.from(y[i] as string))
      : order(x[i]!, y[i]!);
    if (c !== 0) return c;
  }
  return Math.sign(x.length - y.length);
}

test('keys put values in their order, and equal values hash alike', () => {
  const random = new Prng(SEED + 2);
  for (let i = 0; i < trials(4000); i++) {
    const x = randomJson(random, 3);
    const y = random.u32() % 4 === 0 ? (JSON.parse(JSON.stringify(x)) as Json) : randomJson(random, 3);
    const p = parse(JSON.stringify(x));
    const q = more('super_parse', JSON.stringify(y), 0, 0);
    const want = order(x, y);
    const shown = `trial ${i}: ${JSON.stringify(x)} and ${JSON.stringify(y)}`;
    expect(Math.sign(Number(more('super_cmp', p, q))), shown).toBe(want);
    expect(Number(more('super_eq', p, q)), shown).toBe(want === 0 ? 1 : 0);
    if (want === 0) expect(more('super_hash', p), shown).toBe(more('super_hash', q));
  }
});

test('numbers of all types are the decimal numbers they print as', () => {
  const same = ['1', '1.0', '1.000', '1e0', '0.1e1', '10e-1'];
  for (const x of same)
    for (const y of same) {
      const p = parse(x);
      expect(Number(more('super_eq', p, more('super_parse', y, 0, 0))), `${x} = ${y}`).toBe(1);
    }
  const ordered = '-1e300 -12345678901234567890 -2.5 -2 -1e-300 0 1e-300 0.5 0.51 1 9 10 9007199254740993 1e17 1e300'.split(' ');
  for (const [i, x] of ordered.entries())
    for (const [j, y] of ordered.entries()) {
      const p = parse(x);
      expect(Math.sign(Number(more('super_cmp', p, more('super_parse', y, 0, 0)))), `${x}, ${y}`).toBe(Math.sign(i - j));
    }
});

describe('hostile texts', () => {
  const refused = (text: string): string => {
    try {
      return textOf(parse(text));
    } catch (error) {
      return `error: ${(error as Error).message}`;
    }
  };
  test('what JSON.parse refuses is refused, and the other way round', () => {
    const random = new Prng(SEED + 3);
    const alphabet = ['{', '}', '[', ']', '"', ':', ',', '1', '-', '.', 'e', '0', 'true', 'null', ' ', '\\', '\\u00e9', 'a'];
    for (let i = 0; i < trials(20000); i++) {
      let text = '';
      if (random.u32() % 2 === 0) for (let n = random.u32() % 9; n >= 0; n--) text += alphabet[random.u32() % alphabet.length]!;
      else {
        text = JSON.stringify(randomJson(random, 3));
        const at = random.u32() % (text.length + 1);
        text = text.slice(0, at) + alphabet[random.u32() % alphabet.length]! + text.slice(at + (random.u32() % 2));
      }
      let valid = true;
      try {
        JSON.parse(text);
      } catch {
        valid = false;
      }
      const got = refused(text);
      // U+0000, equal names and numbers beyond a double are JSON, but no SUPER value.
      if (text.includes('\\u0000') || /two attributes|out of range/.test(got)) continue;
      expect(got.startsWith('error: '), `trial ${i}: ${text} gives ${got}`).toBe(!valid);
    }
  });
  test('depth, repeated names, surrogates and bad UTF-8', () => {
    const nested = (n: number): string => '['.repeat(n) + ']'.repeat(n);
    expect(refused(nested(1000))).toBe(nested(1000));
    expect(refused(nested(1001))).toContain('1000 levels');
    expect(refused('{"a":1,"b":{"a":1},"c":[{"a":2}]}')).toBe('{"a":1,"b":{"a":1},"c":[{"a":2}]}');
    expect(refused('{"a":1,"b":2,"a":3}')).toContain('two attributes of one name');
    expect(refused('"\\ud83d\\ude00"')).toBe('"😀"');
    for (const bad of ['"\\ud83d"', '"\\ude00\\ud83d"', '"\\u0000"', '"\\x"', '"\\u12"', '"tab\t"']) expect(refused(bad)).toContain('invalid JSON');
    b.reset();
    const s = b.str('"xx"');
    b.bytes.set([0x22, 0xc3, 0x28, 0x22], Number(s & 0xffffffffn));
    expect(() => b.callMore('super_parse', s, 0, 0)).toThrow('invalid JSON');
  });
  test('long numbers stay exact up to 38 digits', () => {
    const digits = '12345678901234567890123456789012345678';
    expect(refused(digits)).toBe(digits);
    expect(refused(`-${digits.slice(0, 10)}.${digits.slice(10)}`)).toBe(`-${digits.slice(0, 10)}.${digits.slice(10)}`);
    expect(refused('9223372036854775808')).toBe('9223372036854775808');
    expect(refused('-9223372036854775808')).toBe('-9223372036854775808');
    expect(refused(`${digits}9`)).toBe('1.2345678901234568e+38');
    expect(refused('0.1')).toBe('0.1');
    expect(refused('00')).toContain('invalid');
  });
  test('of equal names the last stays where that is asked for', () => {
    const kept = (text: string): string => {
      const v = b.call('super_parse', text, 0, 1) as bigint;
      return textOf(v);
    };
    expect(kept('{"a":1,"b":[1,2],"a":2,"c":3,"b":{"a":1,"a":5}}')).toBe('{"a":2,"c":3,"b":{"a":5}}');
  });
});

test('arithmetic and casts', () => {
  const arith = (x: string, y: string, op: number): string | null => {
    const p = parse(x);
    const r = more('super_arith', p, more('super_parse', y, 0, 0), op);
    return b.isNull() ? null : textOf(r);
  };
  expect(arith('1', '2.50', 0)).toBe('3.50');
  expect(arith('9223372036854775807', '1', 0)).toBe('9223372036854775808');
  expect(arith('7', '2', 3)).toBe('3');
  expect(arith('7.0', '2', 3)).toBe('3.5000');
  expect(arith('1e0', '2', 3)).toBe('0.5');
  expect(arith('"a"', '"b"', 0)).toBe('"ab"');
  expect(arith('"a"', '1', 0)).toBe(null);
  expect(arith('[1]', '1', 0)).toBe(null);
  expect(() => arith('1', '0', 3)).toThrow('division by zero');
});
