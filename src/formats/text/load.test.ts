/** COPY's typed conversions: values, and the codes and texts of what they refuse. */
import { beforeAll, expect, test } from 'vitest';
import { Prng } from '../../common/prng.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { CTX } from '../../wasm/memory-map.ts';
import { CopyKernels } from './copy-kernels.test-support.ts';
import { loadReason } from './load-reason.ts';
import { compileDateFormat, compileTimeFormat } from './time-format.ts';

let k: CopyKernels;
beforeAll(async () => {
  k = await CopyKernels.open();
}, 120_000);
const reason = (name: string, text: string | Uint8Array, type: SqlType, ...more: (number | bigint)[]): string => {
  const out = k.load(name, text, ...more);
  return `${out.code} ${loadReason({ code: out.code, reason: out.reason, position: out.position, value: Buffer.from(text), type })}`;
};

test('integers', () => {
  expect(k.load('load_int4', ' -2147483648 ').value).toBe(-2147483648);
  expect(k.load('load_int8', '9223372036854775807').value).toBe(9223372036854775807n);
  expect(k.load('load_int8', '-9223372036854775808').value).toBe(-9223372036854775808n);
  expect(reason('load_int4', 'a', { name: 'int4' })).toBe("1207 Invalid digit, Value 'a', Pos 0, Type: Integer");
  expect(reason('load_int2', '12.5', { name: 'int2' })).toBe("1207 Invalid digit, Value '.', Pos 2, Type: Short");
  expect(k.load('load_int2', '32768').code).toBe(1222);
  expect(k.load('load_int8', '9223372036854775808').code).toBe(1222);
  expect(k.load('load_int8', '99999999999999999999999').code).toBe(1222);
  expect(k.load('load_int4', '-').code).toBe(1207);
});
test('decimals truncate, or round with ROUNDEC', () => {
  const dec = (t: string, p: number, s: number, round = 0): unknown => k.load('load_numeric_64', t, p, s, round);
  expect(dec('20.259', 10, 2)).toMatchObject({ value: 2025n, code: 0 });
  expect(dec('20.259', 10, 2, 1)).toMatchObject({ value: 2026n });
  expect(dec('-20.255', 10, 2, 1)).toMatchObject({ value: -2026n });
  expect(dec('7', 10, 2)).toMatchObject({ value: 700n });
  expect(dec('.5', 10, 2)).toMatchObject({ value: 50n });
  expect(dec('1.5e3', 10, 2)).toMatchObject({ value: 150000n });
  expect(dec('0.000', 3, 2)).toMatchObject({ value: 0n });
  expect(dec('9.99', 2, 1, 1)).toMatchObject({ code: 1204 });
  expect(dec('100', 4, 2)).toMatchObject({ code: 1204 });
  expect(dec('1.2.3', 4, 2)).toMatchObject({ code: 1207, position: 3 });
  expect(dec('999999999999999999', 18, 0)).toMatchObject({ value: 999999999999999999n });
  expect(dec('-999999999999999.999', 18, 3)).toMatchObject({ value: -999999999999999999n });
  expect(dec('9999999999999999999', 18, 0)).toMatchObject({ code: 1204 });
  expect(dec('0000000000000000000001.5', 3, 1)).toMatchObject({ value: 15n });
  expect(dec('5.', 3, 1)).toMatchObject({ value: 50n });
  for (const none of ['.', '-', '-.', '', '1-', '1 2', '/', ':'])
    expect(dec(none, 10, 2), none).toMatchObject({ code: 1207 });
  const wide = k.load('load_numeric', '-12345678901234567890123456789.123456789', 38, 9, 0);
  const hi = k.view.getBigInt64(k.ctx + CTX.RET_HI, true);
  expect((hi << 64n) | BigInt.asUintN(64, wide.value as bigint)).toBe(-12345678901234567890123456789123456789n);
});
test('floats are correctly rounded', () => {
  const prng = new Prng(7);
  const texts = [
    '0',
    '-0.0',
    '1e23',
    '5e-324',
    '2.4703282292062327e-324',
    '2.4703282292062328e-324',
    '1.7976931348623157e308',
    '9007199254740993',
    '9007199254740992.99999999999999999999999',
    '2.2250738585072011e-308',
    '123456789012345678901234567890',
    '.1',
    '1.',
    '0.000001e-300',
  ];
  const f = new DataView(new ArrayBuffer(8));
  for (let i = 0; i < 3000; i++) {
    f.setUint32(0, prng.u32());
    f.setUint32(4, prng.u32());
    const v = f.getFloat64(0);
    if (!Number.isFinite(v)) continue;
    texts.push(String(v), v.toPrecision(prng.int(1, 40)), `${prng.u32()}.${prng.u32()}`);
  }
  for (const t of texts) {
    const value = Number(t);
    const { value: got, code } = k.load('load_float8', t);
    // What is not zero must not become zero.
    const [lost, lostSingle] = [value, Math.fround(value)].map((v) => v === 0 && /[1-9]/.test(t.split(/e/i)[0]!));
    if (lost) expect(code, t).toBe(1204);
    else if (!Object.is(got, value)) throw new Error(`${t}: ${String(got)} not ${Number(t)}`);
    const single = Math.fround(value);
    if (lostSingle) expect(k.load('load_float4', t).code, t).toBe(1204);
    else if (Number.isFinite(single)) expect(k.load('load_float4', t).value, t).toBe(single);
  }
  expect(k.load('load_float8', 'NaN').value).toBeNaN();
  expect(k.load('load_float8', '-Infinity').value).toBe(-Infinity);
  expect(k.load('load_float8', '1e309').code).toBe(1204);
  expect(reason('load_float8', '1.5x', { name: 'float8' })).toBe(
    "1207 Invalid digit, Value 'x', Pos 3, Type: Double",
  );
});
test('booleans, strings', () => {
  for (const t of ['t', 'TRUE', 'y', 'Yes', '1', 'on'])
    expect(k.load('load_bool', t)).toMatchObject({ value: 1, code: 0 });
  for (const t of ['f', 'false', 'N', 'no', '0', 'off'])
    expect(k.load('load_bool', t)).toMatchObject({ value: 0, code: 0 });
  expect(reason('load_bool', 'maybe', { name: 'bool' })).toBe('1210 Unknown boolean format');
  expect(reason('load_varchar', 'abcd', { name: 'varchar', length: 3 }, 3, 0)).toBe(
    '1204 String length exceeds DDL length',
  );
  expect(k.text(k.load('load_varchar', 'aéé', 4, 1).value as bigint)).toBe('aé');
  expect(k.text(k.load('load_char', 'ab   ', 2, 0).value as bigint)).toBe('ab');
  expect(reason('load_char', 'aé', { name: 'char', length: 9 }, 9, 0)).toMatch(
    /^1215 Multibyte .*Invalid char: c3 a9$/,
  );
});

const DAY = (iso: string): number => (Date.parse(`${iso}T00:00:00Z`) - Date.UTC(2000, 0, 1)) / 86_400_000;
const MICROS = (iso: string): bigint => BigInt(Date.parse(`${iso}Z`) - Date.UTC(2000, 0, 1)) * 1000n;
test('dates by DATEFORMAT', () => {
  const date = (t: string, format?: string, any = 0) =>
    k.load('load_date', t, k.string(compileDateFormat(format)!), any);
  expect(date('1999-12-31')).toMatchObject({ value: -1, code: 0 });
  expect(date('2024-02-29 10:11:12').value).toBe(DAY('2024-02-29'));
  expect(date('2023-02-29')).toMatchObject({ code: 1205, reason: 7 });
  expect(date('1/1/2020')).toMatchObject({ code: 1205, reason: 6 });
  expect(date('junk', undefined, 1)).toMatchObject({ code: 0, isNull: true });
  expect(date('08.01.1999', 'DD.MM.YYYY').value).toBe(DAY('1999-01-08'));
  expect(date('19990108', 'YYYYMMDD').value).toBe(DAY('1999-01-08'));
  expect(date('08-Jan-99', 'DD-MON-YY').value).toBe(DAY('1999-01-08'));
  for (const t of [
    '1999-01-08',
    '1/8/1999',
    'January 8, 1999',
    '8-Jan-1999',
    'Jan-08-1999'.replace('Jan-08', '08-Jan'),
    '19990108',
    '990108',
    '1999.008',
    'J2451187',
    '1999-Jan-08',
    'Jan 8 1999',
    '13/1/99'.replace('13/1', '1/8'),
    '1999-01-08 04:05:06',
  ]) {
    expect(date(t, 'auto'), t).toMatchObject({ value: DAY('1999-01-08'), code: 0 });
  }
  expect(date('not a date', 'auto').code).toBe(1205);
  expect(compileDateFormat('YYYY-QQ')).toBeUndefined();
});
test('timestamps by TIMEFORMAT', () => {
  const ts = (t: string, format?: string, name = 'load_timestamp') =>
    k.load(name, t, k.string(compileTimeFormat(format)!), 0);
  expect(ts('2024-02-29 10:11:12.123456').value).toBe(MICROS('2024-02-29T10:11:12.123') + 456n);
  expect(ts('2024-02-29').value).toBe(MICROS('2024-02-29T00:00:00'));
  expect(ts('2024-02-29T10:11:12').code).toBe(1206);
  for (const [t, iso] of [
    ['1/1/17 0:01', '2017-01-01T00:01:00'],
    ['2017-01-01T00:01:00Z', '2017-01-01T00:01:00'],
    ['20080215 193034', '2008-02-15T19:30:34'],
    ['20080215193034', '2008-02-15T19:30:34'],
    ['Feb 15 2008 7:30 PM', '2008-02-15T19:30:00'],
    ['12:05 AM 2008-02-15', '2008-02-15T00:05:00'],
    ['Sun Nov 09 01:34:49 2008', '2008-11-09T01:34:49'],
    ['2014-01-12 02:54:30.250', '2014-01-12T02:54:30.250'],
    ['31/12/2008 5:06', '2008-12-31T05:06:00'],
  ] as const) {
    expect(ts(t, 'auto'), t).toMatchObject({ value: MICROS(iso), code: 0 });
  }
  expect(ts('15.02.2008 07:30:01 PM', 'DD.MM.YYYY HH12:MI:SS AM').value).toBe(MICROS('2008-02-15T19:30:01'));
  expect(ts('02/15/2008 19:30', 'MM/DD/YYYY HH:MI').value).toBe(MICROS('2008-02-15T19:30:00'));
  expect(ts('1528000000', 'epochsecs').value).toBe(MICROS(new Date(1528000000000).toISOString().slice(0, -1)));
  expect(ts('1528000000123', 'epochmillisecs').value).toBe(
    MICROS(new Date(1528000000123).toISOString().slice(0, -1)),
  );
  expect(ts('yesterday', 'auto').code).toBe(1206);
  expect(ts('2024-01-01 10:00:00+02', undefined, 'load_timestamptz').value).toBe(MICROS('2024-01-01T08:00:00'));
  expect(ts('2024-01-01T10:00:00-05:30', 'auto', 'load_timestamptz').value).toBe(MICROS('2024-01-01T15:30:00'));
  expect(k.load('load_time', '10:11:12.5').value).toBe(36672500000n);
  expect(k.load('load_time', '1:00 PM').value).toBe(46800000000n);
  expect(k.load('load_time', '25:00').code).toBe(1206);
});
test('unload fields', () => {
  const out = (name: string, text: string, ...more: number[]): string => {
    const end = k.call<number>(name, k.ctx, 300000, k.string(text), ...more);
    return Buffer.from(k.bytes.slice(300000, end)).toString();
  };
  expect(out('unload_field_text', 'a|b\\c\n', 124, 1, 0)).toBe('a\\|b\\\\c\\\n');
  expect(out('unload_field_text', 'a"b', 124, 0, 1)).toBe('"a""b"');
  expect(out('unload_field_text', 'a"b', 124, 1, 1)).toBe('"a\\"b"');
  expect(out('unload_field_text', 'a|b', 124, 0, 0)).toBe('a|b');
  expect(out('unload_field_csv', 'a,b"', 44, 34)).toBe('"a,b"""');
  expect(out('unload_field_csv', 'plain', 44, 34)).toBe('plain');
});
