/**
 * Types of columns and their edges, as literals of SQL; what may not be written in which format; how values are shown for comparison.
 */
import type { Format } from './option-cases.ts';

export interface TypeCase {
  readonly name: string;
  readonly ddl: string;
  /** Beside NULL. */
  readonly values: readonly string[];
  /** What makes a text of the column %; by itself where it is left out. */
  readonly shown?: string;
  /** Formats that Redshift's manual has nothing of it in. */
  readonly refused?: readonly Format[];
  /** Values that a format of blanks or lines cannot hold: not compared there. */
  readonly notFixed?: true;
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
/** Delimiters, quotes, escapes, line ends, blanks, texts that look like NULL, bytes of all lengths. */
export const TEXTS: readonly string[] = [
  '',
  ' ',
  ' x ',
  'a|b,c;d\te~f',
  '"',
  '""',
  `"quoted" and 'single'`,
  'back\\slash',
  '\\',
  'at the end\\',
  '\\N',
  '\\n',
  'line\nfeed',
  '\n',
  'carriage\rreturn',
  'both\r\n',
  '@N',
  'NULL',
  'null',
  '\u0001\u001f\u007f',
  'é日本 語 😀',
  '\ufeffmark',
  '{"a":[1]}',
  '-- /* x */ $$',
  '%41',
];
/** Of single bytes, without blanks at the end, which CHAR does not keep. */
const CHARS = TEXTS.filter((t) => /^[\x00-\x7f]*$/.test(t) && t.length <= 12 && t === t.trimEnd());
const TEXT_ALONE: readonly Format[] = ['fixedwidth', 'json', 'parquet'];
const nines = (count: number): string => '9'.repeat(count);

export const TYPE_CASES: readonly TypeCase[] = [
  { name: 'b', ddl: 'boolean', values: ['true', 'false'] },
  { name: 'i2', ddl: 'smallint', values: ['0', '-32768', '32767'] },
  { name: 'i4', ddl: 'int', values: ['0', '-2147483648', '2147483647'] },
  { name: 'i8', ddl: 'bigint', values: ['0', '-9223372036854775808', '9223372036854775807'] },
  { name: 'n18', ddl: 'decimal(18,0)', values: [nines(18), `-${nines(18)}`, '0'] },
  { name: 'n19', ddl: 'decimal(19,4)', values: ['922337203685477.5807', '-922337203685477.5807', '0.0001'] },
  { name: 'n20', ddl: 'decimal(20,3)', values: [`${nines(17)}.999`, `-${nines(17)}.999`, '-0.001'] },
  { name: 'n38', ddl: 'decimal(38,0)', values: [nines(38), `-${nines(38)}`, '1'] },
  { name: 'w38', ddl: 'decimal(38,37)', values: [`9.${nines(37)}`, `-9.${nines(37)}`, `0.${'0'.repeat(36)}1`] },
  {
    name: 'f4',
    ddl: 'real',
    values: [
      `'NaN'`,
      `'Infinity'`,
      `'-Infinity'`,
      '3.4028235e38',
      '1.17549435e-38',
      '0.1',
      '-0.333333343',
      '16777217',
    ],
  },
  {
    name: 'f8',
    ddl: 'double precision',
    values: [
      ...[`'NaN'`, `'Infinity'`, `'-Infinity'`, '1.7976931348623157e308', '2.2250738585072014e-308', '5e-324'],
      ...['0.1', '-0.3333333333333333', '9007199254740993', '1e21', '123456789.123456789'],
    ],
  },
  { name: 'c', ddl: 'char(12)', values: CHARS.map(quoted), notFixed: true },
  {
    name: 'v',
    ddl: 'varchar(65535)',
    values: [...TEXTS.map(quoted), `repeat('x', 65535)`, `repeat('é"|\\\\', 9000)`],
    shown: `len(%)::varchar || md5(%) || left(%, 40)`,
    notFixed: true,
  },
  {
    name: 'd',
    ddl: 'date',
    values: [
      `'1970-01-01'`,
      `'0001-01-01'`,
      `'9999-12-31'`,
      `'2024-02-29'`,
      `'4713-01-01 BC'`,
      `'0044-03-15 BC'`,
      `'294276-12-31'`,
      `'10000-01-01'`,
    ],
  },
  {
    name: 't',
    ddl: 'time',
    values: [`'00:00:00'`, `'23:59:59.999999'`, `'24:00:00'`, `'12:00:00.5'`, `'00:00:00.000001'`],
    refused: ['parquet'],
  },
  {
    name: 'tz',
    ddl: 'timetz',
    values: [`'00:00:00+00'`, `'23:59:59.999999+14:59'`, `'12:00:00-14:59'`, `'01:02:03.5+05:30'`],
    refused: ['parquet'],
  },
  {
    name: 'ts',
    ddl: 'timestamp',
    values: [
      ...[`'1970-01-01'`, `'1969-12-31 23:59:59.999999'`, `'0001-01-01'`, `'9999-12-31 23:59:59.999999'`],
      ...[`'2024-02-29 12:00:00.1'`, `'4713-01-01 BC'`, `'0001-06-01 12:00:00 BC'`, `'294246-12-31 23:59:59.999999'`],
    ],
  },
  {
    name: 'tsz',
    ddl: 'timestamptz',
    values: [
      ...[`'1970-01-01 00:00:00+00'`, `'2024-07-01 12:00:00-07'`, `'9999-12-31 23:59:59.999999+00'`],
      ...[`'0001-06-01 12:00:00+00 BC'`, `'294246-12-31 23:59:59.999999+00'`],
    ],
  },
  {
    name: 'ym',
    ddl: 'interval year to month',
    values: [`'0-0'`, `'1-11'`, `'-5-6'`, `'178956970-7'`, `'-178956970-8'`].map(
      (v) => `interval ${v} year to month`,
    ),
    refused: ['parquet'],
  },
  {
    name: 'ds',
    ddl: 'interval day to second',
    values: [`'0 00:00:00'`, `'1 02:03:04.000005'`, `'-1 00:00:00.5'`, `'106751991 04:00:54.775807'`].map(
      (v) => `interval ${v} day to second`,
    ),
    refused: ['parquet'],
  },
  {
    name: 's',
    ddl: 'super',
    values: [
      ...['null', 'true', '1', '-0.5', '1e300', '12345678901234567890.123456789', '""', '"x"', '[]', '{}'],
      ...[
        '"a|b,c\\\\td\\\\n\\\\"q\\\\" \\\\\\\\"',
        '"é日本 😀"',
        '[1,[2,[3,{"a":null}]]]',
        '{"a":{"b":[true,"|"]},"A":"\'\'"}',
      ],
    ].map((json) => `json_parse('${json}')`),
    // NULL is JSON's when it comes back.
    shown: 'case when % is null then null else json_serialize(%) end',
    refused: ['fixedwidth'],
  },
  {
    name: 'x',
    ddl: 'varbyte(70000)',
    // Without any byte it would be NULL, as every type but texts.
    values: [`'abc'`, `from_hex('00ff7c2c22')`, `repeat('\\\\|"', 20000)`].map((v) =>
      v.startsWith('from') ? v : `${v}::varbyte(70000)`,
    ),
    shown: `octet_length(%)::varchar || sha2(%, 256)`,
    refused: TEXT_ALONE,
  },
  {
    name: 'g',
    ddl: 'geometry',
    values: [
      ...['POINT EMPTY', 'POINT(1 2)', 'LINESTRING(0 0,1e300 -1e-300)', 'GEOMETRYCOLLECTION Z (POINT Z (1 2 3))'].map(
        (wkt) => `st_geomfromtext('${wkt}')`,
      ),
      `st_geomfromtext('POLYGON((0 0,4 0,4 4,0 0))', 4326)`,
    ],
    shown: 'st_asewkt(%)',
    refused: TEXT_ALONE,
  },
  {
    name: 'y',
    ddl: 'geography',
    values: [`st_geogfromtext('POINT(10 20)')`, `st_geogfromtext('LINESTRING(0 0,1 1,2 -2)')`],
    shown: 'st_asewkt(%)',
    refused: TEXT_ALONE,
  },
  {
    name: 'h',
    ddl: 'hllsketch',
    values: [
      'hll_create_sketch(1)',
      `(select hll_create_sketch(k) from ks)`,
      `(select hll_create_sketch(k) from ks where k < 0)`,
    ],
    shown: '%::varchar(65535)',
    refused: TEXT_ALONE,
  },
];
