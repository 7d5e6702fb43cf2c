/** QUALIFY against a filter around the windows: over rows, over groups, beside WHERE, DISTINCT, ORDER BY and LIMIT. */
import type { Prng } from '../../../src/common/prng.ts';
import { chance, orderByAll, some } from '../draw.ts';
import { COMPARISONS, Generator } from '../generator.ts';
import type { Kind, Query } from '../kind.ts';
import type { Table } from '../schema.ts';
import { node, optional, render, type Node, type Piece } from '../tree.ts';
import { windowCall, windowTable } from './windows.ts';

interface Named {
  readonly text: string;
  readonly type: string;
}
const ITEMS: readonly Named[] = [
  { text: 'x.id', type: 'int' },
  { text: 'x.p', type: 'int' },
  { text: 'x.q', type: 'str' },
  { text: 'x.d', type: 'dec' },
  { text: 'x.day', type: 'date' },
  { text: 'x.i * 2', type: 'int' },
  { text: 'coalesce(x.t, x.q)', type: 'str' },
];

function comparison(random: Prng, generator: Generator, [sql, type]: readonly [string, string]): Piece[] {
  if (type === 'bool') return [sql, random.pick([' is true', ' is not true', ' is null'])];
  if (chance(random, 0.1)) return [sql, random.pick([' is null', ' is not null'])];
  const constant = type === 'int' ? String(random.int(-2, 12)) : generator.constant(type);
  return [sql, ` ${random.pick(COMPARISONS)} `, constant];
}
/** A condition over one window or two, sometimes beside one over the row. */
function condition(
  random: Prng,
  generator: Generator,
  call: () => readonly [string, string],
  row: () => string,
): Node {
  const one = (): Node => node('', ...comparison(random, generator, call()));
  const dice = random.float();
  if (dice < 0.6) return node('bool', one());
  if (dice < 0.8) return node('bool', '(', one(), random.pick([' and ', ' or ']), one(), ')');
  return node('bool', '(', one(), random.pick([' and ', ' or ']), row(), ')');
}

function overRows(random: Prng, generator: Generator): Query {
  const items = some(random, 1, 4, () => random.pick(ITEMS));
  const windows = some(random, 0, 2, () => windowCall(random));
  const named = windows.map(([sql, type], i): readonly [string, string, string] => [`w${i}`, sql, type]);
  // A window of the select list may be asked for by its name.
  const call = (): readonly [string, string] => {
    if (named.length === 0 || chance(random, 0.5)) return windowCall(random);
    const [name, , type] = random.pick(named);
    return [name, type];
  };
  const spelled = (text: string): string => named.reduce((s, [name, sql]) => s.replaceAll(name, `(${sql})`), text);
  const test = condition(random, generator, call, () => random.pick(['x.i > 0', 'x.p is not null', 'x.id % 2 = 0']));
  const theirs = spelled(render(test, 'oracle'));
  const where = random.pick(['', ' where x.i > 0', ' where x.p is not null', ' where x.id < 20']);
  const distinct = chance(random, 0.2) ? 'distinct ' : '';
  const columns = [...items.map((c, i) => `${c.text} as c${i}`), ...named.map(([name, sql]) => `${sql} as ${name}`)];
  const names = [...items.map((_, i) => `c${i}`), ...named.map(([name]) => name)];
  const types = [...items.map((c) => c.type), ...named.map(([, , type]) => type)];
  const ordered = chance(random, 0.5);
  const tail = ordered ? orderByAll(random, types.length) : '';
  const limit = ordered && chance(random, 0.4) ? [optional(` limit ${random.pick([0, 1, 7])}`)] : [];
  return {
    tree: node(
      'query',
      [
        `select ${distinct}${columns.join(', ')} from win as x${where} qualify `,
        `select ${distinct}${names.join(', ')} from (select ${columns.join(', ')}, `,
      ],
      { ...test, pieces: [[render(test, 'ours'), theirs]] },
      ['', ` as qq from win as x${where}) z where qq`],
      tail,
      ...limit,
    ),
    types,
    ordered,
  };
}
const GROUP_CALLS: readonly (readonly [string, string])[] = [
  ['rank() over (order by count(*) desc)', 'int'],
  ['dense_rank() over (order by sum(x.i))', 'int'],
  ['sum(count(*)) over ()', 'int'],
  ['max(sum(x.s)) over (partition by max(x.ok::int))', 'int'],
  ['count(*) over (partition by count(x.t))', 'int'],
  ['min(max(x.day)) over ()', 'date'],
  ['max(min(x.d)) over (partition by count(*))', 'dec'],
];
function overGroups(random: Prng, generator: Generator): Query {
  const keys = random.pick([['x.p'], ['x.q'], ['x.p', 'x.ok'], ['x.o'], ['x.id % 3']]);
  const keyTypes = keys.map((k) => (k === 'x.q' ? 'str' : k === 'x.ok' ? 'bool' : 'int'));
  const test = condition(
    random,
    generator,
    () => random.pick(GROUP_CALLS),
    () => random.pick(['count(*) > 1', 'max(x.i) > 0', `${keys[0]} is not null`]),
  );
  const having = chance(random, 0.3)
    ? ` having ${random.pick(['count(*) > 1', 'max(x.i) > 10', 'count(x.t) = 0'])}`
    : '';
  const more = some(random, 1, 2, (): Named =>
    random.pick([
      { text: 'count(*)', type: 'int' },
      { text: 'sum(x.i)', type: 'int' },
      { text: 'count(distinct x.o)', type: 'int' },
      { text: 'rank() over (order by count(*), max(x.id))', type: 'int' },
    ]),
  );
  const sets = chance(random, 0.25) ? `rollup(${keys.join(', ')})` : keys.join(', ');
  const columns = [...keys, ...more.map((m) => m.text)].map((c, i) => `${c} as c${i}`);
  const tail = ` from win as x group by ${sets}${having}`;
  return {
    tree: node(
      'query',
      [
        `select ${columns.join(', ')}${tail} qualify `,
        `select ${columns.map((_, i) => `c${i}`).join(', ')} from (select ${columns.join(', ')}, `,
      ],
      test,
      ['', ` as qq${tail}) z where qq`],
    ),
    types: [...keyTypes, ...more.map((m) => m.type)],
    ordered: false,
  };
}
/** As a derived table. */
function nested(random: Prng, generator: Generator): Query {
  const { tree } = random.pick([overRows, overGroups])(random, generator);
  return { tree: node('query', 'select count(*) from (', tree, ') y'), types: ['int'], ordered: false };
}
export const qualified: Kind = {
  name: 'qualified',
  about: 'queries with QUALIFY',
  tables: (random): readonly Table[] => [windowTable(random, random.pick([1, 30, 200]))],
  queries: (random, tables) => {
    const generator = new Generator(random, tables);
    return () => random.pick([overRows, overRows, overGroups, nested])(random, generator);
  },
};
