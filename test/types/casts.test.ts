/**
 * Every row of fixtures/redshift/casts.tsv over the wire: which casts exist, which ones an INSERT makes by itself, and what
 * fixtures/redshift/cast-samples.tsv says of values at the edges. Pairs of column types that no row names are refused, but
 * for those of OTHERS. A run takes some pairs and some samples (common/test-trials.ts).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isWhole, sampled } from '../../src/common/test-trials.ts';
import { startOwn } from '../clients/cluster.ts';
import { ExtendedSession } from './extended-session.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/redshift');
const table = (name: string): string[][] =>
  readFileSync(join(FIXTURES, name), 'utf8')
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));

/** Types of columns by the names of casts.tsv. GEOMETRY and GEOGRAPHY are no types of columns. */
const COLUMN_TYPES: Readonly<Record<string, string>> = {
  bigint: 'bigint',
  boolean: 'boolean',
  char: 'char(40)',
  date: 'date',
  decimal: 'decimal(10,2)',
  double: 'double precision',
  integer: 'integer',
  real: 'real',
  smallint: 'smallint',
  super: 'super',
  time: 'time',
  timestamp: 'timestamp',
  timestamptz: 'timestamptz',
  timetz: 'timetz',
  varbyte: 'varbyte(40)',
  varchar: 'varchar(40)',
  interval_day_to_second: 'interval day to second',
  interval_year_to_month: 'interval year to month',
};
/** TEXT of a column is VARCHAR(256), and 'text' of an expression is cast as VARCHAR is. */
const TYPES: Readonly<Record<string, string>> = { ...COLUMN_TYPES, text: 'text' };

const rows = table('casts.tsv').flatMap(([from, to, implicit, explicit, tried]) =>
  TYPES[from!] === undefined || TYPES[to!] === undefined
    ? []
    : [{ from: from!, to: to!, implicit: implicit === 'y', explicit: explicit === 'y', tried: tried === 'y' }],
);

/** Casts that no row names and that there are: strings and intervals, strings inside SUPER values, TEXT as VARCHAR. */
const OTHERS = new Set([
  ...['char', 'text', 'varchar'].flatMap((s) =>
    ['interval_day_to_second', 'interval_year_to_month'].flatMap((i) => [`${s} ${i}`, `${i} ${s}`]),
  ),
  ...['date', 'time', 'timestamp', 'timestamptz'].map((t) => `super ${t}`),
  'text boolean',
  'text varbyte',
  'varbyte text',
]);
/** No implicit casts, but assignments: an INSERT makes them. */
const ASSIGNED = new Set([
  ...rows.filter((r) => r.to === 'super' && r.explicit).map((r) => `${r.from} super`),
  ...rows.filter((r) => r.from === 'super' && r.explicit).map((r) => `super ${r.to}`),
  'real double',
  'varchar char',
]);

let session: ExtendedSession;
let close: () => Promise<void>;
beforeAll(async () => {
  const cluster = await startOwn({ slices: 2, memory: true });
  session = await ExtendedSession.open(cluster.port);
  close = () => cluster.close();
  const columns = Object.entries(COLUMN_TYPES).map(([name, type]) => `${name} ${type}`);
  await session.run(`create table v (${columns.map((c) => `c_${c}`).join(', ')})`);
  await session.run('insert into v (c_bigint) values (null)');
}, 120_000);
afterAll(async () => {
  session?.close();
  await close?.();
});

/** Pairs of types whose casts a run tries, of 342, and of the samples at the edges. */
const PAIRS = 80;
const SAMPLES = 40;
const pairs = Object.keys(TYPES).flatMap((from) =>
  Object.keys(TYPES).flatMap((to) => (from === to ? [] : [[from, to] as const])),
);
const samples = table('cast-samples.tsv').map(([from, to, value, result]) => [from!, to!, value!, result!] as const);

test('every pair of types is cast as casts.tsv says', { timeout: 120_000 }, async () => {
  const known = new Map(rows.map((r) => [`${r.from} ${r.to}`, r.explicit]));
  const wrong: string[] = [];
  for (const [from, to] of sampled('casts', pairs, PAIRS)) {
    const allowed = known.get(`${from} ${to}`) ?? OTHERS.has(`${from} ${to}`);
    const { error } = await session.ask(`select cast(null::${TYPES[from]} as ${TYPES[to]})`);
    const column =
      from === 'text' ? undefined : (await session.ask(`select cast(c_${from} as ${TYPES[to]}) from v`)).error;
    for (const found of from === 'text' ? [error] : [error, column])
      if ((found === undefined) !== allowed || (!allowed && found?.state !== '42846'))
        wrong.push(`${from} ${to}: ${allowed ? 'allowed' : 'refused'}, got ${found?.state} ${found?.message}`);
  }
  expect(wrong).toEqual([]);
});

test('TRY_CAST knows the pairs that casts.tsv says', { timeout: 120_000 }, async () => {
  const known = new Set(rows.filter((r) => r.tried).map((r) => `${r.from} ${r.to}`));
  const wrong: string[] = [];
  for (const [from, to] of sampled('TRY_CAST', pairs, PAIRS)) {
    const allowed = known.has(`${from} ${to}`);
    const { rows: found, error } = await session.ask(`select try_cast(null::${TYPES[from]} as ${TYPES[to]})`);
    const column =
      from === 'text' ? undefined : (await session.ask(`select try_cast(c_${from} as ${TYPES[to]}) from v`)).error;
    for (const refused of from === 'text' ? [error] : [error, column])
      if ((refused === undefined) !== allowed || (!allowed && refused?.state !== '42846'))
        wrong.push(`${from} ${to}: ${allowed ? 'allowed' : 'refused'}, got ${refused?.state} ${refused?.message}`);
    if (allowed && found[0]?.[0] !== null) wrong.push(`${from} ${to} of NULL: ${String(found[0]?.[0])}`);
  }
  expect(wrong).toEqual([]);
});

test('an INSERT casts where the row says implicit, and assignments', { timeout: 120_000 }, async () => {
  const wrong: string[] = [];
  for (const { from, to, implicit } of rows) {
    if (from === 'text' || to === 'text') continue;
    const allowed = implicit || ASSIGNED.has(`${from} ${to}`);
    const { error } = await session.ask(`insert into v (c_${to}) select c_${from} from v where c_bigint = 0`);
    if ((error === undefined) !== allowed || (!allowed && error?.state !== '42804'))
      wrong.push(`${from} ${to}: ${allowed ? 'allowed' : 'refused'}, got ${error?.state} ${error?.message}`);
  }
  expect(wrong).toEqual([]);
});

describe('values at the edges', () => {
  /** As constants and from a column, where the cast runs on a slice. */
  test.for(sampled('edges', samples, SAMPLES))('%s to %s of %s', async ([from, to, value, result]) => {
    await session.run(`create temp table one (c ${from})`);
    try {
      await session.run(`insert into one values (${value})`);
      const { rows: found, error } = await session.ask(`select cast(c as ${to}) from one`);
      expect(error?.state ?? found[0]?.[0]?.toString() ?? 'NULL').toBe(result);
    } finally {
      await session.run('drop table one');
    }
  });
});

/** The name in casts.tsv of a type with its modifiers. */
const nameOf = (type: string): string => type.replace(/\(.*|( precision)$/, '');

test(
  'TRY_CAST gives NULL for what the cast refuses at the edges, and else its value',
  { timeout: 120_000 },
  async () => {
    const tried = new Set(rows.filter((r) => r.tried).map((r) => `${r.from} ${r.to}`));
    const wrong: string[] = [];
    let refused = 0;
    const fitting = samples.filter(([from, to]) => {
      const pair = [nameOf(from), nameOf(to)];
      return pair[0] === pair[1] || tried.has(pair.join(' '));
    });
    for (const [from, to, value, result] of sampled('TRY_CAST edges', fitting, SAMPLES)) {
      const wanted = /^22...$/.test(result) ? 'NULL' : result;
      if (wanted !== result) refused += 1;
      await session.run(`create temp table one (c ${from})`);
      await session.run(`insert into one values (${value})`);
      const asks = [`select try_cast(c as ${to}) from one`, `select try_cast(cast(${value} as ${from}) as ${to})`];
      for (const ask of asks) {
        const { rows: found, error } = await session.ask(ask);
        const got = error?.state ?? found[0]?.[0]?.toString() ?? 'NULL';
        if (got !== wanted) wrong.push(`${ask} of ${value}: ${got}, not ${wanted}`);
      }
      await session.run('drop table one');
    }
    expect(wrong).toEqual([]);
    expect(refused).toBeGreaterThan(isWhole ? 20 : 0);
  },
);
