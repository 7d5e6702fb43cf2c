/**
 * Random window queries whose answers do not depend on the order of ties: functions of places take any order, and so do frames
 * of the whole partition; all others take an order that ends in the row's number. Values come from small domains with NULLs;
 * frames of every kind, ends before the partition's first row and behind its last one among them. IGNORE NULLS is the oracle's
 * array of what is not NULL.
 */
import type { Prng } from '../../../src/common/prng.ts';
import { below } from '../draw.ts';
import type { Kind, Query } from '../kind.ts';
import { column, type Table } from '../schema.ts';
import { node, optional, type Node } from '../tree.ts';

/** Every type; id is unique. */
const TABLE_COLUMNS = [
  column('id', 'int', 'int'),
  column('p', 'int', 'int'),
  column('q', 'varchar(8)', 'str'),
  column('o', 'int', 'int'),
  column('i', 'int', 'int'),
  column('s', 'smallint', 'int'),
  column('b', 'bigint', 'big'),
  column('d', 'decimal(12,3)', 'dec'),
  column('f', 'float8', 'flt'),
  column('t', 'varchar(20)', 'str'),
  column('day', 'date', 'date'),
  column('ok', 'bool', 'bool'),
];
const pick = <T>(random: Prng, list: readonly T[]): T => random.pick(list);
const orNull = (random: Prng, make: () => string): string => (below(random, 5) === 0 ? 'null' : make());

/** A few large partitions, many small ones, one of NULL. */
export function windowTable(random: Prng, count: number): Table {
  const rows = Array.from({ length: count }, (_, id) => {
    const p = orNull(random, () => String(below(random, 3) === 0 ? below(random, 20) : below(random, 2)));
    return [
      String(id),
      p,
      orNull(random, () => `'${pick(random, ['x', 'y', 'zz', ''])}'`),
      orNull(random, () => String(below(random, 6))),
      orNull(random, () => String(below(random, 200) - 100)),
      orNull(random, () => String(below(random, 9))),
      orNull(random, () => pick(random, ['9223372036854775807', '-9223372036854775808', '0', '7', '4294967296'])),
      orNull(random, () => `${below(random, 1000) - 500}.${String(below(random, 1000)).padStart(3, '0')}`),
      orNull(random, () => String((below(random, 4000) - 2000) / 8)),
      orNull(random, () => `'${pick(random, ['a', 'b', 'abc', 'A', 'longer text', '日本', '0', ''])}'`),
      orNull(random, () => `'2024-0${1 + below(random, 9)}-1${below(random, 9)}'`),
      orNull(random, () => pick(random, ['true', 'false'])),
    ];
  });
  return { name: 'win', columns: TABLE_COLUMNS, rows };
}

const COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ['i', 'int'],
  ['s', 'int'],
  ['b', 'big'],
  ['d', 'dec'],
  ['f', 'flt'],
  ['t', 'str'],
  ['day', 'date'],
];
const PARTITIONS = [
  '',
  'partition by p',
  'partition by q',
  'partition by p, q',
  'partition by ok',
  'partition by p % 2',
];

function tiedOrder(random: Prng): string {
  const key = (): string =>
    `${pick(random, ['o', 'i', 'q', 't', 'd', 'ok'])}${pick(random, ['', ' desc', ' nulls first', ' desc nulls last'])}`;
  return below(random, 2) === 0 ? key() : `${key()}, ${key()}`;
}
const totalOrder = (random: Prng): string =>
  `${below(random, 3) === 0 ? '' : `${tiedOrder(random)}, `}id${pick(random, ['', ' desc'])}`;

function frame(random: Prng): string {
  const size = (): number => pick(random, [0, 1, 2, 3, 7, 40, 1000]);
  const bounds = [
    'unbounded preceding',
    `${size()} preceding`,
    'current row',
    `${size()} following`,
    'unbounded following',
  ];
  const place = (bound: string): number => {
    const [rows, way] = bound.split(' ');
    if (bound === 'current row') return 0;
    const distance = rows === 'unbounded' ? 1e6 : Number(rows);
    return way === 'preceding' ? -distance : distance;
  };
  for (;;) {
    const [start, end] = [pick(random, bounds.slice(0, 4)), pick(random, bounds.slice(1))];
    // PostgreSQL refuses frames that cannot hold a row by their words alone.
    const words = start.endsWith('following') && !end.endsWith('following');
    const current = start === 'current row' && end.endsWith('preceding');
    if (words || current || place(start) > place(end)) continue;
    return `rows between ${start} and ${end}`;
  }
}

/** Over an order with ties, which the answer does not hang on: of the whole partition. */
function tied(random: Prng, partition: string): readonly [string, string] {
  const over = (order: string): string => {
    const parts = [partition, `order by ${order}`, 'rows between unbounded preceding and unbounded following'];
    return `over (${parts.filter((x) => x !== '').join(' ')})`;
  };
  const [column, type] = pick(random, COLUMNS);
  const way = pick(random, ['', ' desc', ' nulls first', ' desc nulls last']);
  switch (below(random, 3)) {
    case 0:
      return [`${pick(random, ['min', 'max'])}(${column}) ${over(tiedOrder(random))}`, type];
    case 1:
      return [`${pick(random, ['sum', 'count'])}(${pick(random, ['i', 's'])}) ${over(tiedOrder(random))}`, 'int'];
    default: {
      const call = pick(random, ['first_value(#)', 'last_value(#)', 'nth_value(#, 2)', 'nth_value(#, 30)']);
      return [`${call.replace('#', column)} ${over(column + way)}`, type];
    }
  }
}
/** The oracle has no IGNORE NULLS: an array of the frame's values that are not NULL, and one of them. */
function ignoringNulls(random: Prng): readonly [readonly [string, string], string] {
  const partition = pick(random, PARTITIONS);
  const [column, type] = pick(random, COLUMNS);
  const order = totalOrder(random);
  const over = (rows: string): string =>
    `over (${[partition, `order by ${order}`, rows].filter((x) => x !== '').join(' ')})`;
  const held = (rows: string): string => `(array_agg(${column}) filter (where ${column} is not null) ${over(rows)})`;
  const last = (array: string, n: number): string => `${array}[cardinality(${array}) - ${n - 1}]`;
  const n = pick(random, [1, 1, 2, 3, 30]);
  const offset = n === 1 && below(random, 2) === 0 ? '' : `, ${n}`;
  const rows = frame(random);
  const before = held('rows between unbounded preceding and 1 preceding');
  const behind = held('rows between 1 following and unbounded following');
  const made = pick(random, [
    [`first_value(${column} ignore nulls) ${over(rows)}`, `${held(rows)}[1]`],
    [`last_value(${column} ignore nulls) ${over(rows)}`, last(held(rows), 1)],
    [`nth_value(${column}, ${n}) ignore nulls ${over(rows)}`, `${held(rows)}[${n}]`],
    [`lag(${column}${offset}) ignore nulls ${over('')}`, last(before, n)],
    [`lead(${column}${offset}) ignore nulls ${over('')}`, `${behind}[${n}]`],
  ] as const);
  return [made, type];
}

/** A call and its type, without OVER's being left out. */
export function windowCall(random: Prng): readonly [string, string] {
  const partition = pick(random, PARTITIONS);
  const over = (order: string, rows = ''): string =>
    `over (${[partition, order === '' ? '' : `order by ${order}`, rows].filter((x) => x !== '').join(' ')})`;
  const [column, type] = pick(random, COLUMNS);
  const framed = (): string => (below(random, 4) === 0 ? over('') : over(totalOrder(random), frame(random)));
  switch (below(random, 17)) {
    case 0:
      return [`row_number() ${over(totalOrder(random))}`, 'int'];
    case 1:
      return [`${pick(random, ['rank', 'dense_rank'])}() ${over(tiedOrder(random))}`, 'int'];
    case 2:
      return [`${pick(random, ['percent_rank', 'cume_dist'])}() ${over(tiedOrder(random))}`, 'flt'];
    case 3:
      return [`ntile(${pick(random, [1, 2, 3, 7, 500])}) ${over(totalOrder(random))}`, 'int'];
    case 4:
    case 5: {
      const offset = pick(random, ['', ', 0', ', 1', ', 2', ', 30', ', s']);
      return [`${pick(random, ['lag', 'lead'])}(${column}${offset}) ${over(totalOrder(random))}`, type];
    }
    case 6:
      return [
        `${pick(random, ['first_value', 'last_value'])}(${column}) ${over(totalOrder(random), frame(random))}`,
        type,
      ];
    case 7:
      return [`nth_value(${column}, ${pick(random, [1, 2, 5])}) ${over(totalOrder(random), frame(random))}`, type];
    case 8:
      return [`count(${pick(random, ['*', column])}) ${framed()}`, 'int'];
    case 9:
    case 10: {
      const [number, sum] = pick(random, [
        ['i', 'int'],
        ['s', 'int'],
        ['b', 'big'],
        ['d', 'dec'],
        ['f', 'flt'],
      ] as const);
      return [`sum(${number}) ${framed()}`, sum];
    }
    case 11:
      return [`${pick(random, ['stddev_samp', 'var_pop'])}(f) ${framed()}`, 'flt'];
    case 13:
      return tied(random, partition);
    case 14:
      return [`avg(f) ${framed()}`, 'flt'];
    case 12:
      return [`${pick(random, ['bool_and', 'bool_or'])}(ok) ${framed()}`, 'bool'];
    default:
      return [`${pick(random, ['min', 'max'])}(${column}) ${framed()}`, type];
  }
}

export function windowQuery(random: Prng): Query {
  const calls = Array.from({ length: 1 + below(random, 5) }, () =>
    below(random, 6) === 0 ? ignoringNulls(random) : windowCall(random),
  );
  const list = calls.flatMap(([sql, type], i): (string | Node)[] => [', ', node(type, sql), ` as w${i}`]);
  const where = pick(random, ['', '', ' where i > 0', ' where p is not null', ' where id < 3', ' where false']);
  return {
    tree: node('query', 'select id', ...list, ' from win', optional(where), ' order by id'),
    types: ['int', ...calls.map(([, type]) => type)],
    ordered: true,
  };
}

export const windows: Kind = {
  name: 'windows',
  about: 'window functions',
  tables: (random) => [windowTable(random, random.pick([1, 30, 400]))],
  queries: (random) => () => windowQuery(random),
};
