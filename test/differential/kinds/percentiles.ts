/**
 * MEDIAN, PERCENTILE_CONT and PERCENTILE_DISC over integers, decimals, doubles, dates and times, with NULLs and ties: of all rows, of
 * groups, of partitions, over joins. The oracle has functions of its own for them, written from the definition, since
 * PostgreSQL's percentile_cont is of doubles alone.
 */
import type { Prng } from '../../../src/common/prng.ts';
import { chance, joined, orderByAll, some } from '../draw.ts';
import { Generator, type Ref, type Scope } from '../generator.ts';
import type { Kind, Query } from '../kind.ts';
import { column, literal, type Table } from '../schema.ts';
import { node, optional, type Node } from '../tree.ts';

const COLUMNS = [
  column('id', 'int', 'int'),
  column('g', 'int', 'int'),
  column('h', 'varchar(6)', 'str', 'bpchar'),
  column('s', 'smallint', 'int'),
  column('i', 'int', 'int'),
  column('b', 'bigint', 'big'),
  column('d', 'decimal(12,3)', 'dec'),
  column('e', 'decimal(30,2)', 'dec'),
  column('f', 'float8', 'flt'),
  column('r', 'real', 'flt'),
  column('day', 'date', 'date'),
  column('at', 'timestamp', 'ts'),
];

/** The value at a share p of an array's values in order, or between two: exactly, and for dates cut to a day or microsecond. */
const SORTED = (type: string): string =>
  `select array_agg(v order by v) as up, array_agg(v order by v desc) as down, count(*) as n from unnest(a::${type}[]) v where v is not null`;
const CONT = (name: string, type: string, between: string): string =>
  `create or replace function ${name}(a ${type}[], p numeric, isdown bool) returns ${type} language sql immutable as $$
     select ${between} from (
       select s[floor(x)::int + 1] as low, s[ceil(x)::int + 1] as high, x - floor(x) as share
       from (select case when isdown then down else up end as s, p * (n - 1) as x from (${SORTED(type)}) q where n > 0) q) q $$`;
const SETUP = [
  CONT('cont_of', 'numeric', 'low + share * (high - low)'),
  CONT('cont_of', 'float8', 'case when low = high then low else low + share::float8 * (high - low) end'),
  CONT('cont_of', 'date', 'low + trunc(share * (high - low))::int'),
  CONT(
    'cont_of',
    'timestamp',
    `low + trunc(share * (extract(epoch from high) - extract(epoch from low)) * 1000000)::bigint * interval '1 microsecond'`,
  ),
  `create or replace function disc_of(a anyarray, p numeric, isdown bool) returns anyelement language sql immutable as $$
     select s[greatest(1, ceil(p * n)::int)] from (
       select case when isdown then array_agg(v order by v desc) else array_agg(v order by v) end as s, count(*) as n
       from unnest(a) v where v is not null) q $$`,
];
/** The type a value is given to the oracle's functions in. */
const GIVEN: Readonly<Record<string, string>> = {
  int: 'numeric',
  big: 'numeric',
  dec: 'numeric',
  flt: 'float8',
  date: 'date',
  ts: 'timestamp',
};
const SHARES = ['0', '1', '0.5', '0.25', '0.1', '0.9', '0.333', '0.99', '0.0625'];
const VALUES = ['s', 'i', 'b', 'd', 'e', 'f', 'r', 'day', 'at', 'h'];

function tables(random: Prng): readonly Table[] {
  const count = random.pick([0, 1, 2, 12, 60, 60, 500]);
  const nulls = random.pick([0, 0.1, 0.5]);
  const groups = random.pick([1, 3, 40]);
  const rows = Array.from({ length: count }, (_, id) =>
    COLUMNS.map((c) => {
      if (c.name === 'id') return String(id);
      if (chance(random, nulls)) return 'null';
      if (c.name === 'g') return String(random.int(0, groups - 1));
      return literal(random, c.type);
    }),
  );
  return [
    { name: 'pt', columns: COLUMNS, rows },
    {
      name: 'pu',
      columns: [column('k', 'int', 'int'), column('w', 'int', 'int')],
      rows: Array.from({ length: random.int(0, 8) }, () => [String(random.int(0, 4)), literal(random, 'int')]),
    },
  ];
}

interface Value {
  readonly text: string;
  readonly type: string;
  readonly isDown: boolean;
}
/** One percentile of a value, and its type: over a group, whose median is ascending, or with what OVER holds. */
function percentile(random: Prng, { text, type, isDown }: Value, partition?: string): readonly [Node, string] {
  const share = random.pick(SHARES);
  const direction = isDown ? ' desc' : '';
  const over = partition === undefined ? '' : ` over (${partition})`;
  const cast = GIVEN[type];
  const cont = (at: string, down = isDown): string => `cont_of(array_agg((${text})::${cast})${over}, ${at}, ${down})`;
  // Integers and decimals give decimals.
  const given = type === 'int' || type === 'big' ? 'dec' : type;
  switch (type === 'str' ? 2 : random.int(0, isDown && partition === undefined ? 2 : 3)) {
    case 3:
      return [node(given, [`median(${text})${over}`, cont('0.5', false)]), given];
    case 0:
    case 1: {
      const sql = `percentile_cont(${share}) within group (order by ${text}${direction})${over}`;
      return [node(given, [sql, cont(share)]), given];
    }
    default: {
      const name = partition === undefined ? 'approximate percentile_disc' : 'percentile_disc';
      const sql = `${name}(${share}) within group (order by ${text}${direction})${over}`;
      return [node(type, [sql, `disc_of(array_agg(${text})${over}, ${share}, ${isDown})`]), type];
    }
  }
}
/** All percentiles of a query take one order. */
function several(random: Prng, value: Value, least: number): readonly (readonly [Node, string])[] {
  return some(random, least, 3, () => percentile(random, value));
}

const from = (random: Prng): string =>
  random.pick([
    'pt x',
    'pt x',
    'pt x',
    'pt x join pu y on x.g = y.k',
    'pt x left join pu y on x.i = y.k',
    '(select * from pt where id % 2 = 0) x',
  ]);

function drawn(random: Prng, generator: Generator): Query {
  const refs: readonly Ref[] = COLUMNS.map((c) => ({ text: `x.${c.name}`, type: c.type }));
  const scope: Scope = { columns: refs, outer: [], plain: true };
  const where = chance(random, 0.4) ? [optional(' where ', generator.condition(scope, 1))] : [];
  const value = (): Value => {
    const name = random.pick(VALUES);
    const type = COLUMNS.find((c) => c.name === name)!.type;
    const text = type === 'int' && chance(random, 0.3) ? `x.${name} * 2 + 1` : `x.${name}`;
    return { text, type, isDown: chance(random, 0.3) };
  };
  const source = from(random);
  if (chance(random, 0.4)) {
    const calls = some(random, 1, 3, () => {
      const keys = random.pick([
        '',
        'partition by x.g',
        'partition by x.h',
        'partition by x.g, x.h',
        'partition by x.i % 2',
      ]);
      return percentile(random, value(), keys);
    });
    const types = ['int', ...calls.map(([, type]) => type)];
    return {
      tree: node('query', 'select x.id', ...calls.flatMap(([tree]) => [', ', tree]), ` from ${source}`, ...where),
      types,
      ordered: false,
    };
  }
  const keys = random.pick([[], ['x.g'], ['x.h'], ['x.g', 'x.h'], ['x.i % 3']]);
  const keyTypes = keys.map((k) => (k === 'x.h' ? 'str' : 'int'));
  const v = value();
  const calls = several(random, v, 1);
  const plain = some(random, 0, 2, (): readonly [Node, string] =>
    random.pick([
      [node('int', 'count(*)'), 'int'],
      [node('int', `count(${v.text})`), 'int'],
      [node('int', 'sum(x.i)'), 'int'],
      [node('str', 'max(x.h)'), 'str'],
    ] as const),
  );
  const all = [...calls, ...plain];
  const types = [...keyTypes, ...all.map(([, type]) => type)];
  const having = keys.length > 0 && chance(random, 0.2) ? [optional(` having count(${v.text}) > 1`)] : [];
  const ordered = chance(random, 0.3);
  const sets =
    keys.length > 0 && chance(random, 0.15) ? `${random.pick(['rollup', 'cube'])}(${keys.join(', ')})` : '';
  const groupBy = keys.length === 0 ? '' : ` group by ${sets === '' ? keys.join(', ') : sets}`;
  return {
    tree: node(
      'query',
      'select ',
      ...joined([...keys, ...all.map(([tree]) => tree)], ', '),
      ` from ${source}`,
      ...where,
      groupBy,
      ...having,
      ...(ordered ? [orderByAll(random, types.length)] : []),
    ),
    types,
    ordered,
  };
}

export const percentiles: Kind = {
  name: 'percentiles',
  about: 'percentiles',
  tables,
  oracleSetup: SETUP,
  queries: (random, all) => {
    const generator = new Generator(random, all);
    return () => drawn(random, generator);
  },
};
