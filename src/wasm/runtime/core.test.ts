/**
 * The core kernels against JavaScript: BigInt for 128-bit arithmetic, Number for float text, Date for calendars. All
 * random inputs come from printed seeds.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CTX } from '../memory-map.ts';
import { RUNTIME_ERRORS } from '../../common/errors/runtime-errors.ts';
import { Prng } from '../../common/prng.ts';
import { makeBench, split128 } from './test-bed.ts';
import { trials } from '../../common/test-trials.ts';

/** Constants of an AssemblyScript file: its syntax is not plain TypeScript, so it is read as text. */
function constants(file: string): Record<string, number> {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  return Object.fromEntries([...text.matchAll(/export const (\w+): \w+ = (\d+);/g)].map((m) => [m[1]!, Number(m[2])]));
}

const b = await makeBench();
const rng = new Prng(20240611);
const bits = (n: number): bigint => {
  let v = 0n;
  for (let i = 0; i < n; i += 32) v = (v << 32n) | BigInt(rng.u32());
  return v & ((1n << BigInt(n)) - 1n);
};
const wide = (): bigint => {
  const v = bits(rng.int(1, 126));
  return rng.u32() & 1 ? v : -v;
};
const MAX = 1n << 127n;

/** Numbers at +0 of 16-byte tuples, in the order of their keys: runs of a few rows, merged. */
function sorted(b: Bench, tuples: number, count: number, keyOffset: number): number[] {
  const rows = 100;
  const [entries, tmp, merge, out] = [18 << 20, 19 << 20, (19 << 20) + 65536, 16 << 20];
  const runs = Math.ceil(count / rows);
  b.view.setUint32(merge, runs, true);
  b.view.setUint32(merge + 8, keyOffset, true);
  for (let r = 0; r < runs; r++) {
    const [from, to] = [r * rows, Math.min(count, (r + 1) * rows)];
    const at = entries + from * 16;
    const end = Number(b.k['make_entries']!(tuples + from * 16, tuples + to * 16, 16, keyOffset, at));
    b.k['sort_entries']!(at, to - from, tmp, keyOffset, 8);
    b.view.setUint32(merge + 16 + r * 16, at, true);
    b.view.setUint32(merge + 16 + r * 16 + 4, end, true);
    b.view.setUint32(merge + 16 + r * 16 + 8, 1, true);
  }
  b.k['start_merge']!(merge);
  const order: number[] = [];
  for (let n = 7; n > 0;) {
    n = Number(b.k['merge_next']!(merge, out, 7));
    for (let i = 0; i < n; i++) order.push(b.view.getInt32(b.view.getInt32(out + i * 4, true), true));
  }
  return order;
}

describe('contracts', () => {
  it('repeats the context layout and error codes', () => {
    const mine = constants('./layout.ts');
    for (const [name, at] of Object.entries(CTX)) if (name !== 'BYTES') expect(mine[name], name).toBe(at);
    const codes = constants('./errors.ts');
    for (const [code, e] of Object.entries(RUNTIME_ERRORS)) expect(codes[e.name], e.name).toBe(Number(code));
  });
});

describe('i128', () => {
  it('adds, subtracts, multiplies, divides as BigInt does', () => {
    for (let i = 0; i < trials(20000); i++) {
      const x = wide();
      const y = wide();
      const args = [...split128(x), ...split128(y)];
      const run = (name: string): bigint | string => {
        try {
          return b.wide(b.call(name, ...args));
        } catch (e) {
          return (e as Error).message;
        }
      };
      expect(run('i128_add')).toBe(x + y);
      expect(run('i128_sub')).toBe(x - y);
      const product = x * y;
      expect(run('i128_mul'), `${x}*${y}`).toBe(
        product > -MAX && product < MAX ? product : '128 bit numeric data overflow (multiplication)',
      );
      if (y !== 0n) {
        expect(run('i128_div'), `${x}/${y}`).toBe(x / y);
        expect(run('i128_mod'), `${x}%${y}`).toBe(x % y);
      } else expect(run('i128_div')).toBe('division by zero');
      const shift = rng.int(0, 38);
      const q = y === 0n ? 0n : (x * 10n ** BigInt(shift)) / y;
      let got: bigint | string;
      try {
        got = b.wide(b.call('numeric_div', ...args, shift));
      } catch (e) {
        got = (e as Error).message;
      }
      if (y !== 0n) expect(got, `${x} e${shift} / ${y}`).toBe(q > -MAX && q < MAX ? q : '128 bit numeric data overflow (division)');
    }
  });
  it('rescales half away', () => {
    for (let i = 0; i < trials(5000); i++) {
      const x = wide();
      const by = rng.int(0, 38);
      const d = 10n ** BigInt(by);
      const m = x < 0n ? -x : x;
      const want = ((m + d / 2n) / d) * (x < 0n ? -1n : 1n);
      expect(b.wide(b.call('numeric_rescale', ...split128(x), -by))).toBe(by === 0 ? x : want);
      const small = BigInt.asIntN(64, x);
      if (by <= 18) {
        const sm = small < 0n ? -small : small;
        expect(b.call('numeric_rescale_64', small, -by)).toBe(by === 0 ? small : ((sm + d / 2n) / d) * (small < 0n ? -1n : 1n));
      }
    }
  });
  it('prints and reads decimals', () => {
    for (let i = 0; i < trials(5000); i++) {
      const x = wide() % 10n ** 38n;
      const scale = rng.int(0, 37);
      const m = (x < 0n ? -x : x).toString().padStart(scale + 1, '0');
      const text = (x < 0n ? '-' : '') + (scale === 0 ? m : `${m.slice(0, -scale)}.${m.slice(-scale)}`);
      expect(b.callText('numeric_to_text', ...split128(x), scale)).toBe(text);
      expect(b.wide(b.call('text_to_numeric', ` ${text} `, 38, scale))).toBe(x);
    }
    const read = (t: string, p: number, s: number): bigint => b.wide(b.call('text_to_numeric', t, p, s));
    expect(read('1.5', 18, 0)).toBe(2n);
    expect(read('-1.45', 18, 1)).toBe(-15n);
    expect(read('1e3', 18, 2)).toBe(100000n);
    expect(read('.5e-1', 18, 3)).toBe(50n);
    expect(() => read('1000', 5, 2)).toThrow('numeric field overflow');
    expect(() => read('1.2.3', 5, 2)).toThrow('invalid input syntax for type numeric: "1.2.3"');
    expect(() => read('', 5, 2)).toThrow('invalid input');
  });
});

describe('floats', () => {
  const random = (): number => {
    const view = new DataView(new ArrayBuffer(8));
    for (;;) {
      view.setBigUint64(0, bits(64));
      const v = view.getFloat64(0);
      if (Number.isFinite(v)) return v;
    }
  };
  it('reads what JavaScript prints', () => {
    for (let i = 0; i < trials(20000); i++) {
      const v = i & 1 ? random() : rng.float() * 10 ** rng.int(-10, 20);
      expect(b.call('text_to_float8', String(v))).toBe(v);
      const cut = v.toPrecision(rng.int(1, 25));
      expect(b.call('text_to_float8', cut), cut).toBe(Number(cut));
    }
    for (const t of ['5e-324', '2.4703282292062328e-324', '2.2250738585072014e-308', '9007199254740993',
      '9007199254740993.00000000000000000000000000000001', '1.7976931348623157e308', '0.1', '123456789012345678901234567890', '0', '-0',
      '1.00000000000000011102230246251565404236316680908203125', '1.00000000000000011102230246251565404236316680908203124',
      '1.00000000000000011102230246251565404236316680908203126'])
      expect(b.call('text_to_float8', t), t).toBe(Number(t));
    expect(b.call('text_to_float8', ' NaN ')).toBeNaN();
    expect(b.call('text_to_float8', '-infinity')).toBe(-Infinity);
    expect(() => b.call('text_to_float8', '1e400')).toThrow('out of range');
    expect(() => b.call('text_to_float8', '2.4703282292062327e-324')).toThrow('out of range');
    expect(b.call('text_to_float8', '0e-400')).toBe(0);
    expect(() => b.call('text_to_float8', '1x')).toThrow('invalid input');
  });
  const g = (v: number, p: number): string => {
    const s = v.toPrecision(p);
    const e = Number(v.toExponential(p - 1).split('e')[1]);
    const strip = (t: string): string => (t.includes('.') ? t.replace(/\.?0+$/, '') : t);
    if (e < -4 || e >= p) {
      const [m, x] = v.toExponential(p - 1).split('e');
      return `${strip(m!)}e${x![0]}${x!.slice(1).padStart(2, '0')}`;
    }
    return strip(s.includes('e') ? v.toFixed(Math.max(0, p - 1 - e)) : s);
  };
  it('prints %.15g, and the shortest digits that read back', () => {
    for (let i = 0; i < trials(10000); i++) {
      const v = i & 1 ? random() : rng.float() * 10 ** rng.int(-8, 18);
      // toPrecision rounds exact ties up, printf rounds them to even
      const tie = /^-?[0.]*(\d\.?){15}5[0.]*(e|$)/.test(v.toPrecision(40));
      if (!tie) expect(b.callText('float8_to_text', v), String(v)).toBe(g(v, 15));
      b.view.setInt32(b.ctx + CTX.FLOAT_DIGITS, 3, true);
      const t = b.callText('float8_to_text', v)!;
      b.view.setInt32(b.ctx + CTX.FLOAT_DIGITS, 0, true);
      expect(Number(t)).toBe(v);
      expect(t.replace(/e.*/, '').replace(/^-?0*\.?0*/, '').replace('.', '').length, t).toBeLessThanOrEqual(17);
    }
    expect(b.callText('float4_to_text', Math.fround(19999.99))).toBe('20000');
    expect(b.callText('float4_to_text', Math.fround(0.1))).toBe('0.1');
    expect(b.callText('float8_to_text', 0.1)).toBe('0.1');
    expect(b.callText('float8_to_text', 1e15)).toBe('1e+15');
    expect(b.callText('float8_to_text', -0)).toBe('-0');
    expect(b.callText('float8_to_text', 3.141592653589793)).toBe('3.14159265358979');
  });
});

describe('dates', () => {
  const EPOCH = Date.UTC(2000, 0, 1);
  it('prints and reads dates as Date does', () => {
    for (let i = 0; i < trials(5000); i++) {
      const days = rng.int(-700000, 2000000);
      const iso = new Date(EPOCH + days * 86400000).toISOString().replace(/T.*/, '').replace(/^\+0*/, '');
      expect(b.callText('date_to_text', days)).toBe(iso);
      expect(b.call('text_to_date', iso)).toBe(days);
      const us = BigInt(days) * 86400000000n + BigInt(rng.int(0, 86399)) * 1000000n + BigInt(rng.int(0, 999999));
      const text = b.callText('timestamp_to_text', us)!;
      expect(b.call('text_to_timestamp', text), text).toBe(us);
      expect(b.call('text_to_timestamp', text.replace(' ', 'T')), text).toBe(us);
    }
  });
  it('reads the documented forms', () => {
    const date = (t: string): string => b.callText('date_to_text', b.call('text_to_date', t))!;
    for (const t of ['January 8, 1999', '1999-01-08', '1/8/1999', 'Jan-08-1999', '08-Jan-1999', '1999-Jan-08', '19990108', '990108', 'J2451187', '1999.008', '8 jan 1999', '01/08/99'])
      expect(date(t), t).toBe('1999-01-08');
    expect(date('01/02/00')).toBe('2000-01-02');
    expect(date('2008.366')).toBe('2008-12-31');
    expect(date('0044-03-15 BC')).toBe('0044-03-15 BC');
    expect(() => date('2001-02-30')).toThrow('date/time field value out of range: "2001-02-30"');
    expect(() => date('hello')).toThrow('invalid input syntax for type date: "hello"');
    const ts = (t: string): string => b.callText('timestamp_to_text', b.call('text_to_timestamp', t))!;
    expect(ts('17 Dec 07:37:16 1997 PST')).toBe('1997-12-17 07:37:16');
    expect(ts('12/17/1997 07:37:16.00 PST')).toBe('1997-12-17 07:37:16');
    expect(ts('12/17/1997 07:37:16.00 US/Pacific')).toBe('1997-12-17 07:37:16');
    expect(ts('17.12.1997 07:37:16.00 PST')).toBe('1997-12-17 07:37:16');
    expect(ts('Jun 1,2008  09:59:59 EST')).toBe('2008-06-01 09:59:59');
    expect(ts('20080215 040506.789')).toBe('2008-02-15 04:05:06.789');
    expect(ts('20220502 04:05 PM')).toBe('2022-05-02 16:05:00');
    const tz = (t: string): string => b.callText('timestamptz_to_text', b.call('text_to_timestamptz', t))!;
    expect(tz('1997-12-17 07:37:16-08')).toBe('1997-12-17 15:37:16+00');
    expect(tz('1997-12-17 07:37:16 PST')).toBe('1997-12-17 15:37:16+00');
    expect(tz('1997-07-17 07:37:16 US/Pacific')).toBe('1997-07-17 14:37:16+00');
    expect(tz('2020-01-01 00:00:00+05:30')).toBe('2019-12-31 18:30:00+00');
    const time = (t: string): string => b.callText('time_to_text', b.call('text_to_time', t))!;
    expect(time('04:05:06.789')).toBe('04:05:06.789');
    expect(time('04:05 PM')).toBe('16:05:00');
    expect(time('040506')).toBe('04:05:06');
    expect(() => time('25:00')).toThrow('out of range');
  });
});

describe('strings, keys and sorting', () => {
  it('ignores trailing blanks and orders by bytes', () => {
    b.reset();
    const s = (t: string): bigint => b.str(t);
    const { str_eq, str_cmp, hash_str } = b.k as Record<string, (...a: bigint[]) => number>;
    expect(str_eq!(s('abc   '), s('abc'))).toBe(1);
    expect(str_eq!(s('abc'), s('abd'))).toBe(0);
    expect(str_cmp!(s('a'), s('a b'))).toBe(-1);
    expect(str_cmp!(s('é'), s('z'))).toBe(1);
    expect(hash_str!(s('abcdefghijk        '))).toBe(hash_str!(s('abcdefghijk')));
    expect(new Set(Array.from({ length: 5000 }, (_, i) => (b.reset(), hash_str!(s(`key${i}`))))).size).toBeGreaterThan(4995);
  });
  it('makes keys that order like values, and sorts by them', () => {
    const values = Array.from({ length: 600 }, () => String.fromCharCode(...Array.from({ length: rng.int(0, 12) }, () => rng.int(97, 100))));
    b.reset();
    let keys = 20 << 20;
    values.forEach((v, i) => {
      const end = Number(b.k['key_str']!(keys, b.str(v), 0));
      const tuple = (17 << 20) + i * 16;
      b.view.setBigInt64(tuple + 8, BigInt(keys) | (BigInt(end - keys) << 32n), true);
      b.view.setInt32(tuple, i, true);
      keys = end;
    });
    const order = sorted(b, 17 << 20, values.length, 8);
    const want = values.map((_, i) => i).sort((x, y) => (values[x]! < values[y]! ? -1 : values[x]! > values[y]! ? 1 : x - y));
    expect(order).toEqual(want);
    const key = (name: string, ...v: (number | bigint)[]): string => {
      const end = Number(b.k[name]!(keys, ...v, 0));
      return Buffer.from(b.bytes.slice(keys, end)).toString('hex');
    };
    const floats = [-Infinity, -1e300, -1, -1e-300, 0, 1e-300, 1, 1e300, Infinity, NaN].map((v) => key('key_f64', v));
    expect([...floats].sort()).toEqual(floats);
    const wides = [-(1n << 100n), -5n, -1n, 0n, 1n, 1n << 64n, 1n << 100n].map((v) => key('key_i128', ...split128(v)));
    expect([...wides].sort()).toEqual(wides);
  });
});

describe('casts', () => {
  it('checks ranges and lengths', () => {
    expect(b.call('text_to_int4', ' -12 ')).toBe(-12);
    expect(() => b.call('text_to_int4', '2147483648')).toThrow('integer out of range');
    expect(() => b.call('text_to_int4', '1.5')).toThrow('invalid input syntax for integer: "1.5"');
    expect(b.call('text_to_int8', '-9223372036854775808')).toBe(-9223372036854775808n);
    expect(() => b.call('text_to_int8', '9223372036854775808')).toThrow('bigint out of range');
    expect(b.call('float8_to_int4', 2.5)).toBe(2);
    expect(b.call('float8_to_int4', 3.5)).toBe(4);
    expect(b.call('text_to_bool', 'YES')).toBe(1);
    expect(b.callText('cast_text_trunc', 'aéb', 2)).toBe('a');
    expect(() => b.call('check_length', 'abcdef', 3, 0)).toThrow('value too long for type character varying(3)');
    expect(b.text(b.call('check_length', 'abc   ', 3, 0))).toBe('abc');
    expect(() => b.call('check_length', 'né', 10, 1)).toThrow('invalid ASCII character: "é"');
    expect(b.wide(b.call('float8_to_numeric', 1.005, 10, 2))).toBe(101n);
    expect(b.call('numeric_to_float8', ...split128(123456789012345678901234567890n), 10)).toBe(12345678901234567890.12345678901);
    expect(b.call('numeric_to_int4', ...split128(-25n), 1)).toBe(-3);
  });
});
