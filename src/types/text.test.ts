/**
 * Text forms on the leader: what goes in, what comes out, and the error when it must not.
 */
import { describe, expect, it, test } from 'vitest';
import { Prng } from '../common/prng.ts';
import { trials } from '../common/test-trials.ts';
import { shortestFloat } from './float-format.ts';
import type { SqlType, TypeName } from './sql-type.ts';
import { formatText, parseText } from './text.ts';

const through = (name: TypeName, text: string, more: Partial<SqlType> = {}, zone = 'UTC'): string => {
  const type: SqlType = { name, ...more };
  const settings = { timezone: zone, extraFloatDigits: 0, dateStyle: 0 as const };
  try {
    const value = parseText(type, text, settings);
    return value === null ? 'NULL' : formatText(type, value, settings);
  } catch (error) {
    return `ERROR ${(error as { sqlstate: string }).sqlstate}`;
  }
};

describe.each<[TypeName, string, string, Partial<SqlType>?, string?]>([
  ['date', '2024-01-02 +00', '2024-01-02'],
  ['date', '2024-02-30', 'ERROR 22008'],
  ['date', '01/02/2024', '2024-01-02'],
  ['date', 'Jan 5, 2020', '2020-01-05'],
  ['date', '20240229', '2024-02-29'],
  ['date', '0044-03-15 BC', '0044-03-15 BC'],
  ['date', 'abc', 'ERROR 22007'],
  ['date', '2024-01-02 10:00:00', '2024-01-02'],
  ['date', '5-Mar-1999', '1999-03-05'],
  ['date', '1970-01-01', '1970-01-01'],
  ['date', '9999-12-31', '9999-12-31'],
  ['date', '2023-02-29', 'ERROR 22008'],
  ['timestamp', '2024-01-02 03:04:05.678+00', '2024-01-02 03:04:05.678'],
  ['timestamp', '2024-01-02T03:04:05Z', '2024-01-02 03:04:05'],
  ['timestamp', '2024-01-02', '2024-01-02 00:00:00'],
  ['timestamp', '2008-06-01 09:59:59 EST', '2008-06-01 09:59:59'],
  ['timestamp', '1999-12-31 23:59:59.5', '1999-12-31 23:59:59.5'],
  ['timestamp', '2024-01-02 25:00:00', 'ERROR 22008'],
  ['timestamp', '2024-01-02 10:00 nowhere', 'ERROR 22007'],
  ['timestamptz', '2024-07-02 03:04:05 America/New_York', '2024-07-02 07:04:05+00'],
  ['timestamptz', '2024-07-02 03:04:05-08', '2024-07-02 11:04:05+00'],
  ['timestamptz', '2024-07-02 03:04:05', '2024-07-02 03:04:05-04', {}, 'America/New_York'],
  ['timestamptz', '2024-01-02 00:00:00+00', '2024-01-02 05:30:00+05:30', {}, '<+05:30>-05:30'],
  ['timestamptz', '2024-01-02 00:00:00+00', '2024-01-01 18:30:00-05:30', {}, '+05:30'],
  ['timestamptz', '2024-01-02 00:00:00+00', '2024-01-01 21:00:00-03', {}, '-3'],
  ['timestamptz', '2024-01-02 00:00:00+00', '2024-01-02 03:00:00+03', {}, 'UTC-3'],
  ['timestamptz', '2024-07-02 00:00:00+00', '2024-07-01 19:00:00-05', {}, 'EST'],
  ['timestamptz', '2024-07-02 00:00:00+00', '2024-07-01 20:00:00-04', {}, 'EST5EDT'],
  ['timestamptz', '292555-4-29 18:38:18 Asia/Damascus', '292555-04-29 15:38:18+00'],
  ['timestamptz', '294276-12-31 23:00:00-08', 'ERROR 22008'],
  ['timestamptz', '4713-01-01 00:00 BC +08', 'ERROR 22008'],
  ['timestamp', 'infinity', 'ERROR 22007'],
  ['timestamptz', '2024-11-03 01:30:00', '2024-11-03 01:30:00-05', {}, 'America/New_York'],
  ['timestamptz', '1900-01-01 00:00:00+00', '1899-12-31 20:53:32-03:06:28', {}, 'America/Sao_Paulo'],
  ['timestamptz', '2050-07-01 12:00:00+00', '2050-07-01 14:00:00+02', {}, 'Europe/Berlin'],
  ['timestamptz', '200000-07-01 12:00:00+00', '200000-07-01 14:00:00+02', {}, 'Europe/Berlin'],
  ['timestamptz', '2024-03-10 02:30:00', '2024-03-10 03:30:00-04', {}, 'America/New_York'],
  ['time', '13:24:55 PST', '13:24:55'],
  ['time', '04:05 PM', '16:05:00'],
  ['time', '25:00', 'ERROR 22008'],
  ['interval', '1 year 2 months 3 days 04:05:06', '1 year 2 mons 3 days 04:05:06'],
  ['interval', '2 weeks ago', '-14 days'],
  ['interval', '1.5 days', '1 day 12:00:00'],
  ['interval', '90', '00:01:30'],
  ['interval', '1-2', '1 year 2 mons'],
  ['interval', 'x', 'ERROR 22007'],
  ['numeric', '123.455', '123.46', { precision: 10, scale: 2 }],
  ['numeric', '-0.005', '-0.01', { precision: 10, scale: 2 }],
  ['numeric', '1e3', '1000', { precision: 5, scale: 0 }],
  ['numeric', '100000', 'ERROR 22003', { precision: 5, scale: 0 }],
  ['numeric', 'x', 'ERROR 22P02', { precision: 5, scale: 0 }],
  ['numeric', '1.5e-3', '0.002', { precision: 9, scale: 3 }],
  ['float8', '3.14159', '3.14159'],
  ['float8', '1e100', '1e+100'],
  ['float8', '0.1', '0.1'],
  ['float8', '1e-5', '1e-05'],
  ['float4', '19999.99', '20000'],
  ['float8', '123456789012345678', '1.23456789012346e+17'],
  ['float8', 'nan', 'NaN'],
  ['bool', 'YES', 't'],
  ['bool', 'maybe', 'ERROR 22P02'],
  ['int2', '40000', 'ERROR 22003'],
  ['int4', ' 12 ', '12'],
  ['int8', '-9223372036854775808', '-9223372036854775808'],
  ['int8', '9223372036854775808', 'ERROR 22003'],
  ['varchar', 'hello   ', 'hello', { length: 5 }],
  ['varchar', 'hellox', 'ERROR 22001', { length: 5 }],
  ['varchar', 'éé', 'ERROR 22001', { length: 3 }],
  ['char', 'ab', 'ab   ', { length: 5 }],
  ['oid', '4294967295', '4294967295'],
])('%s %s', (name, text, expected, more, zone) => {
  it(`gives ${expected}`, () => expect(through(name, text, more, zone)).toBe(expected));
});
test('the shortest floats read back and have no digit too many', () => {
  const rng = new Prng(7);
  const view = new DataView(new ArrayBuffer(8));
  for (let i = 0; i < trials(5000); i++) {
    view.setUint32(0, rng.int(0, 2 ** 32 - 1));
    view.setUint32(4, rng.int(0, 2 ** 32 - 1));
    const [double, single] = [view.getFloat64(0), view.getFloat32(0)];
    if (Number.isFinite(double)) expect(Number(shortestFloat(double, false))).toBe(double);
    if (Number.isFinite(single)) expect(Math.fround(Number(shortestFloat(single, true)))).toBe(single);
  }
  const f = Math.fround;
  expect([0.1, 1e15, 1 / 3, -0, 123456789, 5e-324].map((v) => shortestFloat(v, false))).toEqual([
    '0.1',
    '1e+15',
    '0.3333333333333333',
    '-0',
    '123456789',
    '4.94065645841247e-324',
  ]);
  expect([f(0.1), f(1.1), f(16777216), f(3.4028235e38), f(1 / 3), 1e-5].map((v) => shortestFloat(v, true))).toEqual([
    '0.1',
    '1.1',
    '1.6777216e+07',
    '3.4028235e+38',
    '0.33333334',
    '1e-05',
  ]);
});
