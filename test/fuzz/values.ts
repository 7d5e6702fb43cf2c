/**
 * Values for the expression fuzz: every SQL type with its ordinary and its extreme values, as literals. Storable ones are
 * also columns of the one-row table `fz`, so that an expression over constants, which the leader folds, can be asked again
 * over columns, which a slice computes. Values of other types become a CASE over that table's id.
 */
export interface Value {
  readonly type: string;
  /** The typed literal. */
  readonly sql: string;
  /** Name of the column that holds it; undefined when no column can. */
  readonly column: string | undefined;
}

const quote = (text: string): string => `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
const typed = (type: string, texts: readonly string[]): readonly (readonly [string, string])[] =>
  texts.map((t) => [type, `${quote(t)}::${type}`] as const);

/** Of SUPER: scalars of every kind, and containers. */
const DOCUMENTS = [
  ...['null', 'true', '0', '-7', '1.50', '1e300', '"abc"', '"12"', '""', '"2024-02-29"', '9223372036854775808'],
  ...['[]', '[1,[2,null],"x"]', '{}', '{"a":{"b":[1,2]},"c":null}'],
];
const SHAPES = [
  ...['POINT(1 2)', 'POINT EMPTY', 'POINT Z(1 2 3)', 'LINESTRING(0 0,1 1,2 0)', 'MULTIPOINT(0 0,1 1)'],
  ...['POLYGON((0 0,4 0,4 4,0 4,0 0),(1 1,2 1,2 2,1 1))', 'GEOMETRYCOLLECTION(POINT(0 0),LINESTRING(0 0,1e308 1))'],
];
const STORED: readonly (readonly [string, string])[] = [
  ...typed('smallint', ['0', '1', '-1', '7', '32767', '-32768']),
  ...typed('integer', ['0', '1', '-1', '3', '12', '2147483647', '-2147483648']),
  ...typed('bigint', ['0', '1', '-7', '9223372036854775807', '-9223372036854775808', '4294967296', '1704067200']),
  ...typed('numeric(18,4)', ['0', '1.5', '-2.2500', '99999999999999.9999', '-99999999999999.9999', '0.0001']),
  ...typed('numeric(38,0)', ['9'.repeat(38), `-${'9'.repeat(38)}`, '0', '9223372036854775808']),
  ...typed('numeric(38,37)', ['9.9999999999999999999999999999999999999', `0.${'0'.repeat(36)}1`, '-1']),
  ...typed('real', ['0', '1.5', '-2.25', '3.4e38', '1.2e-38', 'NaN', 'Infinity', '-Infinity']),
  ...typed('double precision', ['0', '-0', '0.5', '-1', '1.7e308', '5e-324', 'NaN', 'Infinity', '-Infinity', '1e19']),
  ...typed('boolean', ['true', 'false']),
  ...typed('date', ['2024-02-29', '2000-01-01', '4713-01-01 BC', '0001-01-01', '294276-12-31', '1582-10-15']),
  ...typed('date', ['1969-07-20', '9999-12-31', '0044-03-15 BC']),
  ...typed('timestamp', ['2024-02-29 12:34:56.789', '2000-01-01 00:00:00', '4713-01-01 00:00:00 BC']),
  ...typed('timestamp', ['294276-12-31 23:59:59.999999', '1969-12-31 23:59:59.999999', '0001-01-01 00:00:00']),
  ...typed('timestamptz', ['2024-02-29 12:34:56.789+00', '4713-01-02 00:00:00+00 BC', '294276-12-30 23:59:59+00']),
  ...typed('timestamptz', ['2021-03-28 01:30:00+00', '1900-01-01 00:00:00+00']),
  ...typed('time', ['00:00:00', '23:59:59.999999', '24:00:00', '12:34:56.5']),
  ...typed('varchar(40)', [
    '',
    'abc',
    ' pad ',
    '12.5',
    '2024-02-29',
    'zoë',
    '日本語😀',
    'a%b_c\\',
    'NULL',
    't',
    '-0',
  ]),
  ...typed('varchar(40)', [
    'yes',
    '1 day',
    '{1,2}',
    '[1,{"a":"b"}]',
    '{"a":{"b":[1,2]}}',
    'http://h:80/p?q=1#f',
    'month',
  ]),
  ...typed('varchar(40)', [
    '9999999999999999999',
    '1e400',
    '0x1F',
    'deadbeef',
    '((',
    '[a-',
    'a+',
    'UTC',
    'Asia/Kolkata',
  ]),
  ...typed('varchar(40)', ['YYYY-MM-DD', 'HH24:MI:SS.US TZ', '999G999D99MI', 'FM09RN', 'Q WW J CC', '2024-02-30']),
  ['varchar(9000)', "repeat('xy', 4000)::varchar(9000)"],
  ['varchar(9000)', "repeat('é', 3000)::varchar(9000)"],
  ...typed('char(12)', ['', 'abc', 'twelve chars', '42']),
  ...typed('char(1)', ['x', '']),
  ...typed('timetz', ['00:00:00+00', '23:59:59.999999-12', '12:34:56.5+05:30']),
  ...typed('interval year to month', ['0 months', '1 month', '-14 months', '178956970 years 7 mons']),
  ...typed('interval day to second', ['0 days', '1 day', '-1 days -00:00:01', '106751991 days 04:00:54.775807']),
  ...['', '00', 'deadbeef', 'c3a9', 'ff'.repeat(100)].map(
    (hex) => ['varbyte(200)', `from_hex('${hex}')::varbyte(200)`] as const,
  ),
  ...DOCUMENTS.map((json) => ['super', `json_parse(${quote(json)})`] as const),
  ...SHAPES.map((text) => ['geometry', `st_geomfromtext(${quote(text)})`] as const),
  ['geography', "st_geogfromtext('POINT(13.4 52.5)')"],
];
/** Literals without a type of their own stand as they are in both forms: a CASE would give them one. */
const LITERALS = [
  'null',
  "'abc'",
  "'12'",
  "''",
  '-2147483648',
  '9223372036854775807',
  '9223372036854775808',
  '0.5',
  '1e30',
  '0.1e-30',
].concat('9'.repeat(38));
const LOOSE: readonly (readonly [string, string])[] = [
  ...[
    '0',
    '1 day',
    '-1 mon 2 days 03:04:05',
    '178956970 years 7 mons',
    '-178956970 years',
    '106751991 days 04:00:54.775807',
  ].map((t) => ['interval', `interval ${quote(t)}`] as const),
  ['interval', "interval '1' year"],
  ['interval', "interval '1 2:3:4.5' day to second"],
  ...['smallint', 'integer', 'bigint', 'numeric(18,4)', 'double precision', 'boolean', 'date', 'timestamp'].map(
    (t) => [t, `null::${t}`] as const,
  ),
  ...[
    'timestamptz',
    'time',
    'timetz',
    'varchar(40)',
    'char(12)',
    'interval',
    'varbyte(200)',
    'super',
    'geometry',
  ].map((t) => [t, `null::${t}`] as const),
  ...LITERALS.map((sql) => ['literal', sql] as const),
];
/** Values that only the leader has: they never meet columns. */
const LEADER: readonly (readonly [string, string])[] = [
  ['array', 'array[1, 2]'],
  ['array', "array['a', null, 'b c']"],
  ['array', "'{}'::integer[]"],
  ['array', 'array[1.50, -2]'],
  ['array', "array[date '2020-01-01']"],
  ['array', 'array[1::bigint, 9223372036854775807]'],
  ['array', "'1 2 3'::int2vector"],
  ['array', "'{t,f}'::text[]"],
  ['oid', '23::oid'],
  ['oid', "'pg_class'::regclass"],
  ['name', "'abc'::name"],
  ['"char"', '\'r\'::"char"'],
];

export const VALUES: readonly Value[] = [
  ...STORED.map(([type, sql], i): Value => ({ type, sql, column: `v${i}` })),
  ...LOOSE.map(([type, sql]): Value => ({ type, sql, column: undefined })),
];
export const LEADER_VALUES: readonly Value[] = LEADER.map(([type, sql]) => ({ type, sql, column: undefined }));

/** Statements that make `fz`, and `fz_into`, a table of every type to insert into. */
export function setup(): readonly string[] {
  const columns = STORED.map(([type], i) => `v${i} ${type}`);
  const types = [...new Set(STORED.map(([type]) => type))];
  return [
    `create table fz (id int, ${columns.join(', ')})`,
    `insert into fz values (1, ${STORED.map(([, sql]) => sql).join(', ')})`,
    `create table fz_into (${types.map((t, i) => `c${i} ${t}`).join(', ')})`,
  ];
}
export const INTO_COLUMNS = new Set(STORED.map(([type]) => type)).size;

/** How the value stands in an expression over columns. */
export const overColumns = (v: Value): string => {
  if (v.column !== undefined) return `v.${v.column}`;
  return v.type === 'literal' ? v.sql : `(case when v.id > 0 then ${v.sql} end)`;
};
