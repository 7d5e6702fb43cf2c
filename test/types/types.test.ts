/**
 * Every type of fixtures/redshift/types.tsv that columns can have, over the wire: its names with oid, size and modifier, the
 * limits of its modifiers, values as text and binary parameters and results, through UNLOAD and COPY, and under every
 * encodings, some of them in a run (common/test-trials.ts). Types that columns cannot have are refused.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampled } from '../../src/common/test-trials.ts';
import { startOwn } from '../clients/cluster.ts';
import { ExtendedSession, type Format } from './extended-session.ts';

const facts = new Map(
  readFileSync(join(import.meta.dirname, '../../fixtures/redshift/types.tsv'), 'utf8')
    .split('\n')
    .map((line) => line.split('\t'))
    .filter((row) => row[0] === 'type')
    .map((row) => [row[1]!, { oid: Number(row[3]), arrayOid: Number(row[4]), size: Number(row[5]) }]),
);

interface Case {
  /** As types.tsv calls it. */
  readonly type: string;
  /** Names of one form, with its type modifier. */
  readonly forms: readonly (readonly [names: readonly string[], modifier: number, oid?: number])[];
  readonly refused?: readonly (readonly [name: string, state: string])[];
  /** Column that holds the values. */
  readonly column: string;
  /** Texts as they come back. */
  readonly values: readonly string[];
  readonly encodings: readonly string[];
}
const EVERY = ['raw', 'bytedict', 'runlength', 'lzo', 'zstd'];
const NUMBERS = [...EVERY, 'az64'];
const DAYS = [...NUMBERS, 'delta', 'delta32k'];
const ALL_ENCODINGS = [...DAYS, 'mostly8', 'mostly16', 'mostly32', 'text255', 'text32k'];

const CASES: readonly Case[] = [
  {
    type: 'smallint',
    forms: [[['smallint', 'int2'], -1]],
    column: 'smallint',
    values: ['-32768', '0', '32767'],
    encodings: [...NUMBERS, 'delta', 'mostly8'],
  },
  {
    type: 'integer',
    forms: [[['integer', 'int', 'int4'], -1]],
    column: 'integer',
    values: ['-2147483648', '0', '2147483647'],
    encodings: [...DAYS, 'mostly8', 'mostly16'],
  },
  {
    type: 'bigint',
    forms: [[['bigint', 'int8'], -1]],
    column: 'bigint',
    values: ['-9223372036854775808', '0', '9223372036854775807'],
    encodings: [...DAYS, 'mostly8', 'mostly16', 'mostly32'],
  },
  {
    type: 'decimal',
    forms: [
      [['decimal', 'numeric', 'dec'], (18 << 16) + 4],
      [['decimal(38,37)', 'numeric(38,37)'], ((38 << 16) | 37) + 4],
      [['decimal(19)'], (19 << 16) + 4],
    ],
    refused: [
      ['decimal(39,0)', '22023'],
      ['decimal(0,0)', '22023'],
      ['decimal(38,38)', '22023'],
      ['decimal(10,11)', '22023'],
    ],
    column: 'decimal(38,2)',
    values: ['-999999999999999999999999999999999999.99', '0.00', '0.01', '123456.70'],
    encodings: [...DAYS, 'mostly8', 'mostly16', 'mostly32'],
  },
  {
    type: 'decimal',
    forms: [],
    column: 'decimal(10,3)',
    values: ['-9999999.999', '0.000', '0.001', '1.500'],
    encodings: [...DAYS, 'mostly8', 'mostly16', 'mostly32'],
  },
  {
    type: 'real',
    forms: [[['real', 'float4', 'float(1)', 'float(24)'], -1]],
    refused: [
      ['float(0)', '22023'],
      ['float(54)', '22023'],
    ],
    column: 'real',
    values: ['-1.5', '0', '1e-37', '1e+37', 'NaN', 'Infinity', '-Infinity'],
    encodings: ['raw', 'bytedict', 'runlength', 'zstd'],
  },
  {
    type: 'double precision',
    forms: [[['double precision', 'float8', 'float', 'float(25)', 'float(53)'], -1]],
    column: 'double precision',
    values: ['-1.5', '0', '1e-307', '1e+307', 'NaN', 'Infinity', '-Infinity'],
    encodings: ['raw', 'bytedict', 'runlength', 'zstd'],
  },
  {
    type: 'boolean',
    forms: [[['boolean', 'bool'], -1]],
    column: 'boolean',
    values: ['t', 'f'],
    encodings: ['raw', 'runlength', 'zstd'],
  },
  {
    type: 'char(n)',
    forms: [
      [['char', 'character', 'nchar', 'char(1)'], 5],
      [['char(4096)', 'character(4096)', 'nchar(4096)'], 4100],
    ],
    refused: [
      ['char(0)', '22023'],
      ['char(4097)', '22023'],
      ['char(max)', '22023'],
    ],
    column: 'char(5)',
    values: ['     ', 'ab   ', 'abcde'],
    encodings: EVERY,
  },
  { type: 'bpchar', forms: [[['bpchar'], 260]], column: 'char(3)', values: ['abc'], encodings: EVERY },
  {
    type: 'varchar(n)',
    forms: [
      [['varchar', 'character varying', 'nvarchar', 'varchar(256)'], 260],
      [['varchar(65535)', 'character varying(65535)', 'nvarchar(65535)', 'varchar(max)'], 65539],
    ],
    refused: [
      ['varchar(0)', '22023'],
      ['varchar(65536)', '22023'],
    ],
    column: 'varchar(20)',
    values: ['a', 'é€😀', 'x  ', 'a|b\\c"d', 'one\ntwo'],
    encodings: [...EVERY, 'text255', 'text32k'],
  },
  {
    type: 'text',
    forms: [[['text'], 260]],
    column: 'text',
    values: ['abc'],
    encodings: [...EVERY, 'text255', 'text32k'],
  },
  {
    type: 'date',
    forms: [[['date'], -1]],
    column: 'date',
    values: ['4713-01-01 BC', '2000-02-29', '1999-12-31', '9999-12-31'],
    encodings: DAYS,
  },
  {
    type: 'time',
    forms: [[['time', 'time without time zone'], -1]],
    column: 'time',
    values: ['00:00:00', '23:59:59.999999', '24:00:00'],
    encodings: NUMBERS,
  },
  {
    type: 'timetz',
    forms: [[['timetz', 'time with time zone'], -1]],
    column: 'timetz',
    values: ['00:00:00+00', '21:24:55.5+00'],
    encodings: NUMBERS,
  },
  {
    type: 'timestamp',
    forms: [[['timestamp', 'timestamp without time zone'], -1]],
    column: 'timestamp',
    values: ['4713-01-01 00:00:00 BC', '2024-02-29 23:59:59.999999', '1970-01-01 00:00:00'],
    encodings: DAYS,
  },
  {
    type: 'timestamptz',
    forms: [[['timestamptz', 'timestamp with time zone'], -1]],
    column: 'timestamptz',
    values: ['2024-02-29 23:59:59.999999+00', '1970-01-01 00:00:00+00'],
    encodings: DAYS,
  },
  {
    type: 'interval year to month',
    forms: [[['interval year to month'], -2]],
    refused: [['interval', '0A000']],
    column: 'interval year to month',
    values: ['1 year 2 mons', '-3 mons', '00:00:00'],
    encodings: NUMBERS,
  },
  {
    type: 'interval day to second',
    forms: [[['interval day to second'], -2]],
    column: 'interval day to second',
    values: ['1 day 02:03:04.567', '-2 days', '00:00:00'],
    encodings: NUMBERS,
  },
  {
    type: 'super',
    forms: [[['super'], -1]],
    column: 'super',
    values: ['1', '"a"', '[1,{"b":null}]'],
    encodings: ['raw', 'lzo', 'zstd'],
  },
  {
    type: 'varbyte(n)',
    forms: [
      [['varbyte', 'varbinary', 'binary varying'], 64004],
      [['varbyte(10)', 'varbinary(10)', 'binary varying(10)'], 14],
    ],
    refused: [['varbyte(0)', '22023']],
    column: 'varbyte(10)',
    values: ['00ff', '616263'],
    encodings: EVERY,
  },
];
const UNSUPPORTED = [
  'bytea',
  'money',
  'inet',
  'uuid',
  'xml',
  'json',
  'jsonb',
  'serial',
  'bigserial',
  'bit(3)',
  'bit varying(3)',
].concat(['interval', 'point', 'oid', 'name', 'regclass', 'int[]', 'varchar(10)[]']);

let session: ExtendedSession;
let close: () => Promise<void>;
beforeAll(async () => {
  const cluster = (await startOwn({ slices: 2, memory: true })) as Awaited<ReturnType<typeof startOwn>> & {
    readonly s3Root: string;
  };
  mkdirSync(join(cluster.s3Root, 'types'), { recursive: true });
  session = await ExtendedSession.open(cluster.port);
  close = () => cluster.close();
}, 120_000);
afterAll(async () => {
  session?.close();
  await close?.();
});

const text = (value: string): Buffer => Buffer.from(value);
/** How a value is written in a text parameter: SUPER takes the JSON of PARSE, VARBYTE the bytes. */
const placeOf = (c: Case): string =>
  c.type === 'super' ? 'json_parse($1)' : c.type === 'varbyte(n)' ? "to_varbyte($1, 'hex')" : '$1';

async function filled(c: Case, more = ''): Promise<void> {
  await session.run(`create table held (n int, c ${c.column} ${more})`);
  for (const [i, value] of c.values.entries())
    await session.run(`insert into held values (${i}, ${placeOf(c)})`, [{ format: 'text', value: text(value) }]);
  await session.run('insert into held values (-1, null)');
}
async function held(table = 'held'): Promise<(string | null)[]> {
  const { rows } = await session.run(`select c from ${table} where n >= 0 order by n`);
  return rows.map((r) => r[0]!.toString());
}

describe.each(CASES)('$type as $column', (c) => {
  const fact = facts.get(c.type)!;

  test('names, modifiers and limits', async () => {
    for (const [names, modifier] of c.forms) {
      for (const name of names) {
        await session.run(`create temp table named (c ${name})`);
        const { fields } = await session.run('select c from named');
        await session.run('drop table named');
        expect({ name, oid: fields[0]!.oid, size: fields[0]!.size }).toEqual({
          name,
          oid: fact.oid,
          size: fact.size,
        });
        if (modifier !== -2) expect(fields[0]!.modifier, name).toBe(modifier);
      }
    }
    for (const [name, state] of c.refused ?? []) {
      const { error } = await session.ask(`create temp table named (c ${name})`);
      expect(`${name} ${error?.state}`).toBe(`${name} ${state}`);
    }
    const { rows } = await session.run('select typlen from pg_type where oid = $1', [
      { format: 'text', value: text(String(fact.oid)) },
    ]);
    expect(rows.map((r) => r[0]!.toString())).toEqual([String(fact.size)]);
  });

  // What the first one fills, the second one unloads.
  test('values as text and binary', async () => {
    await session.ask('drop table held');
    await filled(c);
    try {
      expect(await held()).toEqual(c.values);
      const binary = await session.run('select c from held where n >= 0 order by n', [], 'binary');
      const formats = new Set(binary.fields.map((f): Format => f.format));
      await session.run('create table again (like held)');
      for (const [i, row] of binary.rows.entries()) {
        const format = formats.has('binary') ? 'binary' : 'text';
        const oid = c.type.startsWith('varchar') || c.type === 'text' ? 0 : fact.oid;
        const place = c.type === 'super' ? 'json_parse($1)' : '$1';
        await session.run(`insert into again values (${i}, ${place})`, [{ format, value: row[0]!, oid }]);
      }
      expect(await held('again')).toEqual(c.values);
    } finally {
      await session.ask('drop table again');
    }
  });

  test('UNLOAD and COPY', async () => {
    if ((await session.ask('select 1 from held')).error !== undefined) await filled(c);
    try {
      const role = "iam_role 'arn:aws:iam::123456789012:role/r'";
      await session.run(
        `unload ('select * from held') to 's3://types/out_' ${role} escape null as '@' allowoverwrite`,
      );
      await session.run('create table again (like held)');
      await session.run(`copy again from 's3://types/out_' ${role} escape null as '@'`);
      const { rows } = await session.run('select count(*), count(c) from again');
      expect(rows[0]!.map(String)).toEqual([String(c.values.length + 1), String(c.values.length)]);
      expect(await held('again')).toEqual(c.values);
    } finally {
      await session.ask('drop table again');
      await session.ask('drop table held');
    }
  });

  test('encodings', { timeout: 60_000 }, async () => {
    const refused = ALL_ENCODINGS.filter((e) => !c.encodings.includes(e));
    const tried = [
      ...sampled(`encodings of ${c.column}`, c.encodings, 3),
      ...sampled(`none of ${c.column}`, refused, 2),
    ];
    for (const encoding of tried) {
      const { error } = await session.ask(`create temp table encoded (n int, c ${c.column} encode ${encoding})`);
      expect(`${encoding} ${error === undefined}`).toBe(`${encoding} ${c.encodings.includes(encoding)}`);
      if (error === undefined) await session.run('drop table encoded');
    }
  });
});

test.each(UNSUPPORTED)('a column of %s is refused', async (name) => {
  const { error } = await session.ask(`create temp table refused (c ${name})`);
  expect(['0A000', '42704']).toContain(error?.state);
});

test('a parameter that is declared NUMERIC keeps every digit of the column beside it', async () => {
  const given = { format: 'text', value: text('0.12345678901234567890'), oid: 1700 } as const;
  await session.run('create temp table fine (d decimal(38,20), whole decimal(38,0))');
  await session.run('insert into fine (d) values ($1)', [given]);
  const found = await session.run('select d from fine where d = $1 and $1 = d and d between $1 and $1', [given]);
  expect(found.rows.map(String)).toEqual(['0.12345678901234567890']);
  await session.run('update fine set d = $1, whole = $2', [
    given,
    { format: 'text', value: text('99999999999999999999999999999999999999'), oid: 1700 },
  ]);
  expect((await session.run('select d, whole from fine')).rows.map(String)).toEqual([
    '0.12345678901234567890,99999999999999999999999999999999999999',
  ]);
  // Beside no decimal type it has eight.
  expect((await session.run('select $1', [given])).rows.map(String)).toEqual(['0.12345679']);
});
