/**
 * LISTAGG against string_agg: of all rows, of groups, of partitions; with delimiters, in several orders, DISTINCT, with NULLs
 * and empty values, which it leaves out, over no rows, beside other aggregates.
 */
import type { Prng } from '../../../src/common/prng.ts';
import { chance, joined, some } from '../draw.ts';
import type { Kind, Query } from '../kind.ts';
import { column, type Table } from '../schema.ts';
import { node, optional, type Node } from '../tree.ts';

const COLUMNS = [
  column('id', 'int', 'int'),
  column('g', 'int', 'int'),
  column('h', 'varchar(6)', 'str'),
  column('k', 'int', 'int'),
  column('s', 'varchar(20)', 'str'),
  column('d', 'decimal(10,2)', 'dec'),
  column('b', 'bigint', 'big'),
  column('day', 'date', 'date'),
  column('at', 'timestamp', 'ts'),
];
const WORDS = ['', 'a', 'b', 'ab', 'A', ',', 'x y', '日本', '€uro', '0', 'longer text', '|'];

function tables(random: Prng): readonly Table[] {
  const nulls = random.pick([0, 0.1, 0.5]);
  const maybe = (text: () => string): string => (chance(random, nulls) ? 'null' : text());
  const groups = random.pick([1, 4, 50]);
  const rows = Array.from({ length: random.pick([0, 1, 12, 60, 300]) }, (_, id) => [
    String(id),
    maybe(() => String(random.int(0, groups - 1))),
    maybe(() => `'${random.pick(['p', 'q', ''])}'`),
    maybe(() => String(random.int(-3, 12))),
    maybe(() => `'${random.pick(WORDS)}'`),
    maybe(() => `${random.int(-9, 9)}.${random.pick(['00', '5', '25'])}`),
    maybe(() => random.pick(['9223372036854775807', '-9223372036854775808', '0', '7'])),
    maybe(() => `'${random.pick(['2020-01-01', '2020-02-29', '1999-12-31'])}'`),
    maybe(() => `'${random.pick(['2020-01-01', '1999-12-31'])} ${random.pick(['00:00:00', '12:34:56.5'])}'`),
  ]);
  const others = Array.from({ length: random.int(0, 6) }, () => [random.int(0, 4), random.int(0, 9)].map(String));
  return [
    { name: 'lt', columns: COLUMNS, rows },
    { name: 'lu', columns: [column('k', 'int', 'int'), column('w', 'int', 'int')], rows: others },
  ];
}

interface Order {
  readonly column: string;
  readonly text: string;
}
const DELIMITERS = ["','", "''", "', '", "'|'", "' -> '", "'日'"];
const NAMES = ['s', 'k', 'd', 'b', 'day', 'at', 'h'];

const order = (random: Prng): Order => {
  const name = random.pick([...NAMES, 'id']);
  const text = `x.${name}${random.pick(['', '', ' desc', ' nulls first', ' desc nulls last'])}`;
  return { column: name, text };
};
/** A list of the rows of a group; `source` makes a subquery of it, for a partition. */
function list(
  random: Prng,
  by: Order,
  partition?: { readonly keys: readonly string[]; readonly source: string },
): Node {
  const name = random.pick(NAMES);
  const delimiter = random.pick(DELIMITERS);
  const asked = chance(random, 0.15) ? '' : `, ${delimiter}`;
  const between = asked === '' ? "''" : delimiter;
  const over =
    partition === undefined
      ? ''
      : ` over (${partition.keys.length === 0 ? '' : `partition by ${partition.keys.join(', ')}`})`;
  const within = ` within group (order by ${by.text}, x.id)`;
  const distinct = chance(random, 0.3);
  const within1 = distinct ? ` within group (order by ${by.text})` : within;
  const own = distinct ? by.column : name;
  const sql = `listagg(${distinct ? 'distinct ' : ''}x.${own}${asked})${within1}${over}`;
  const value = `nullif(x.${own}::text, '')`;
  const theirs = distinct
    ? `nullif(array_to_string(array_agg(distinct x.${own} order by ${by.text}) filter (where ${value} is not null), ${between}), '')`
    : `string_agg(${value}, ${between} order by ${by.text}, x.id)`;
  if (partition === undefined) return node('str', [sql, theirs]);
  const same = partition.keys.map((k) => ` and ${k.replace('x.', 'z.')} is not distinct from ${k}`).join('');
  const inner = theirs.replaceAll('x.', 'z.');
  return node('str', [sql, `(select ${inner} from ${partition.source} z where true${same})`]);
}

function drawn(random: Prng): Query {
  const filter = random.pick(['', '', 'x.k > 2', 'x.g is not null', 'x.id < 0', "x.s <> 'a'"]);
  if (chance(random, 0.35)) {
    const keys = random.pick([[], ['x.g'], ['x.h'], ['x.g', 'x.h']]);
    const source = filter === '' ? 'lt' : `(select * from lt x where ${filter})`;
    const calls = some(random, 1, 3, () => list(random, order(random), { keys, source }));
    const where = filter === '' ? '' : ` where ${filter}`;
    return {
      tree: node('query', 'select x.id', ...calls.flatMap((c) => [', ', c]), ` from lt x${where} order by 1`),
      types: ['int', ...calls.map(() => 'str')],
      ordered: true,
    };
  }
  const by = order(random);
  const keys = random.pick([[], ['x.g'], ['x.h'], ['x.g', 'x.h'], ['x.k % 2']]);
  const isDistinct = chance(random, 0.4);
  const call = (): Node => {
    for (;;) {
      const made = list(random, by);
      // All aggregates of a query take one order, and a DISTINCT value's is its own.
      if (/distinct/.test(JSON.stringify(made)) === isDistinct) return made;
    }
  };
  const calls = some(random, 1, 3, call);
  const plain = some(random, 0, 2, () =>
    random.pick([
      () => node('int', 'count(*)'),
      () => node('int', 'sum(x.k)'),
      () => node('str', 'max(x.h)'),
      () => node('int', 'count(distinct x.g)'),
      () => node('int', 'count(distinct x.s)'),
    ])(),
  );
  const source = random.pick(['lt x', 'lt x', 'lt x', 'lt x join (select distinct k from lu) y on x.g = y.k']);
  const items = [...calls, ...plain];
  const sets = keys.length > 0 && chance(random, 0.15) ? `rollup(${keys.join(', ')})` : keys.join(', ');
  return {
    tree: node(
      'query',
      'select ',
      ...joined([...keys, ...items], ', '),
      ` from ${source}`,
      ...(filter === '' ? [] : [optional(` where ${filter}`)]),
      keys.length === 0 ? '' : ` group by ${sets}`,
      ...(keys.length > 0 && chance(random, 0.2) ? [optional(' having count(*) > 1')] : []),
    ),
    types: [...keys.map((k) => (k === 'x.h' ? 'str' : 'int')), ...items.map((i) => i.type)],
    ordered: false,
  };
}

export const lists: Kind = {
  name: 'lists',
  about: 'lists of LISTAGG',
  tables,
  queries: (random) => () => drawn(random),
};
