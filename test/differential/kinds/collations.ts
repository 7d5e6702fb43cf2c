/**
 * Columns of the collation case_insensitive against folded texts: PostgreSQL holds in lower case and without blanks at the end
 * what we hold as written, and compares bytes. Comparisons, lists, patterns, groups, duplicates, joins, set operations, windows,
 * subqueries, order, aggregates.
 */
import type { Prng } from '../../../src/common/prng.ts';
import { foldCase } from '../../../src/types/fold-case.ts';
import { chance, joined, some, someOf } from '../draw.ts';
import type { Kind, Query } from '../kind.ts';
import { column, type Cell, type Table } from '../schema.ts';
import { node, optional, type Node, type Piece } from '../tree.ts';

const COLUMNS = [
  column('id', 'int', 'int'),
  column('v', 'varchar(20) collate case_insensitive', 'str', 'text'),
  column('w', 'varchar(300) collate ci', 'str', 'text'),
  column('c', 'char(6) collate ci', 'str', 'text'),
  column('g', 'int', 'int'),
];
const TEXTS = ['v', 'w', 'c'] as const;
const WORDS = [
  '',
  'a',
  'b',
  'ab',
  'abc',
  'b a',
  'z_z',
  '10%',
  '[x',
  '^x',
  '`x',
  '{x',
  'longer word',
  'abcdefgh1',
  'abcdefgh2',
];
const WIDE = ['é', 'éa', 'ñandú', 'straße', 'жук', '日本', 'σ', 'ÿ', '😀'];

/** A word in some case, perhaps with blanks behind it, and what counts of it. */
function spelled(random: Prng, isWide: boolean): readonly [ours: string, folded: string] {
  const word = random.pick(isWide && chance(random, 0.3) ? WIDE : WORDS);
  const upper = (c: string): string => (c.toUpperCase().toLowerCase() === c ? c.toUpperCase() : c);
  const ours = [...word].map((c) => (c !== 'ß' && chance(random, 0.5) ? upper(c) : c)).join('');
  return [ours + random.pick(['', '', '', ' ', '  ']), foldCase(ours).replace(/ +$/, '')];
}
const literal = (random: Prng, isWide = true): Piece => {
  const [ours, folded] = spelled(random, isWide);
  return [`'${ours}'`, `'${folded}'`];
};

function table(random: Prng, name: string): Table {
  const nulls = random.pick([0, 0, 0.1, 0.4]);
  const count = random.pick([0, 1, 10, 40, 200]);
  const text = (isWide: boolean): Cell => {
    if (chance(random, nulls)) return 'null';
    const [ours, folded] = spelled(random, isWide);
    return [`'${ours}'`, `'${folded}'`];
  };
  const fitting = (): Cell => {
    for (;;) {
      const cell = text(false);
      if (cell === 'null' || cell[0].length <= 8) return cell;
    }
  };
  const rows = Array.from({ length: count }, (_, id): Cell[] => [
    String(id),
    text(true),
    text(true),
    fitting(),
    String(random.int(0, 3)),
  ]);
  return { name, columns: COLUMNS, rows };
}

/** A value as both show it. */
const shown = (value: Piece): Node => node('str', ['rtrim(lower(', '('], value, ['))', ')']);
const textOf = (random: Prng, x: string): string => `${x}.${random.pick(TEXTS)}`;

function value(random: Prng, x: string): Node {
  return random.pick([
    () => node('str', textOf(random, x)),
    () => node('str', textOf(random, x)),
    () => node('str', `coalesce(${textOf(random, x)}, ${textOf(random, x)})`),
    () => node('str', 'nullif(', textOf(random, x), ', ', literal(random), ')'),
    () => node('str', random.pick(['greatest', 'least']), `(${textOf(random, x)}, `, textOf(random, x), ')'),
    () =>
      node(
        'str',
        'case when ',
        condition(random, x, 0),
        ` then ${textOf(random, x)} else `,
        textOf(random, x),
        ' end',
      ),
  ])();
}

function condition(random: Prng, x: string, depth: number): Node {
  const v = (): Node => (depth > 0 ? value(random, x) : node('str', textOf(random, x)));
  const other = (): Piece => (chance(random, 0.6) ? literal(random) : v());
  const compared = (): Node => node('bool', v(), ` ${random.pick(['=', '=', '<>', '<', '<=', '>', '>='])} `, other());
  const made = random.pick([
    compared,
    compared,
    () => node('bool', v(), ' between ', other(), ' and ', other()),
    () =>
      node(
        'bool',
        v(),
        random.pick([' in (', ' not in (']),
        ...joined(
          some(random, 1, 30, () => literal(random)),
          ', ',
        ),
        ')',
      ),
    () => {
      const [ours, folded] = spelled(random, true);
      const around = random.pick([(p: string) => `${p}%`, (p: string) => `%${p}%`, (p: string) => `${p}_`]);
      const text = textOf(random, x);
      // Blanks at the end count in patterns.
      const pattern: Piece = [`'${around(ours.trimEnd())}'`, `'${around(folded)}'`];
      return node('bool', [`rtrim(${text})`, text], random.pick([' like ', ' not like ']), pattern);
    },
    () => node('bool', v(), random.pick([' is null', ' is not null'])),
    () => node('bool', `${x}.g `, random.pick(['= 1', '> 0'])),
  ])();
  if (depth === 0 || chance(random, 0.6)) return made;
  return node('bool', '(', made, random.pick([' and ', ' or ']), condition(random, x, depth - 1), ')');
}
const where = (random: Prng, x: string): Piece[] =>
  chance(random, 0.6) ? [optional(' where ', condition(random, x, 2))] : [];

function filtered(random: Prng): Query {
  const isOrdered = chance(random, 0.5);
  const order = isOrdered ? ` order by x.${random.pick(TEXTS)}${random.pick(['', ' desc'])}, x.id` : '';
  return {
    tree: node('query', 'select x.id, ', shown(value(random, 'x')), ' from ct x', ...where(random, 'x'), order),
    types: ['int', 'str'],
    ordered: isOrdered,
  };
}

function grouped(random: Prng): Query {
  const keys = someOf(random, TEXTS).map((k) => `x.${k}`);
  const calls = some(random, 1, 3, () =>
    random.pick([
      () => node('int', 'count(*)'),
      () => node('int', `count(distinct ${textOf(random, 'x')})`),
      () => shown(`${random.pick(['min', 'max'])}(${textOf(random, 'x')})`),
      () => node('int', 'sum(x.id)'),
    ])(),
  );
  return {
    tree: node(
      'query',
      'select ',
      ...joined([...keys.map(shown), ...calls], ', '),
      ' from ct x',
      ...where(random, 'x'),
      ` group by ${keys.join(', ')}`,
      ...(chance(random, 0.3) ? [optional(' having count(*) > 1')] : []),
    ),
    types: [...keys.map(() => 'str'), ...calls.map((c) => c.type)],
    ordered: false,
  };
}

function joinedTables(random: Prng): Query {
  const kind = random.pick(['join', 'join', 'left join', 'full join']);
  const on = `${textOf(random, 'x')} = ${textOf(random, 'y')}`;
  return {
    tree: node(
      'query',
      `select x.id, y.id from ct x ${kind} cu y on ${on}`,
      ...(kind === 'full join' ? [] : [optional(' and x.g <= y.g')]),
      ...where(random, 'x'),
    ),
    types: ['int', 'int'],
    ordered: false,
  };
}

function united(random: Prng): Query {
  const side = (name: string): Piece[] => [
    `select ${textOf(random, 'x')} as t from ${name} x`,
    ...where(random, 'x'),
  ];
  const op = random.pick(['union', 'union all', 'intersect', 'except']);
  return {
    tree: node('query', 'select ', shown('q.t'), ' from (', ...side('ct'), ` ${op} `, ...side('cu'), ') q'),
    types: ['str'],
    ordered: false,
  };
}

function distinct(random: Prng): Query {
  const keys = someOf(random, TEXTS);
  const inner = keys.map((k, i) => `x.${k} as k${i}`).join(', ');
  return {
    tree: node(
      'query',
      'select ',
      ...joined(
        keys.map((_, i) => shown(`q.k${i}`)),
        ', ',
      ),
      ` from (select distinct ${inner} from ct x`,
      ...where(random, 'x'),
      ') q',
    ),
    types: keys.map(() => 'str'),
    ordered: false,
  };
}

function windowed(random: Prng): Query {
  const part = chance(random, 0.5) ? `partition by ${textOf(random, 'x')} ` : '';
  const by = textOf(random, 'x');
  const calls = someOf(random, [
    `rank() over (${part}order by ${by})`,
    `dense_rank() over (${part}order by ${by} desc)`,
    `count(*) over (partition by ${textOf(random, 'x')})`,
    `row_number() over (${part}order by ${by}, x.id)`,
  ]);
  return {
    tree: node('query', `select x.id, ${calls.join(', ')} from ct x`, ...where(random, 'x')),
    types: ['int', ...calls.map(() => 'int')],
    ordered: false,
  };
}

function nested(random: Prng): Query {
  const [x, y] = [textOf(random, 'x'), textOf(random, 'y')];
  const made = random.pick([
    () => node('bool', `${x} ${random.pick(['in', 'not in'])} (select ${y} from cu y`, ...where(random, 'y'), ')'),
    () => node('bool', `${random.pick(['', 'not '])}exists (select 1 from cu y where ${y} = ${x} and y.g <= x.g)`),
    () => node('bool', `(select count(*) from cu y where ${y} = ${x}) > 1`),
    () => node('bool', `${x} = (select ${random.pick(['min', 'max'])}(${y}) from cu y)`),
  ])();
  return { tree: node('query', 'select x.id from ct x where ', made), types: ['int'], ordered: false };
}

export const collations: Kind = {
  name: 'collations',
  about: 'strings of case_insensitive',
  tables: (random) => [table(random, 'ct'), table(random, 'cu')],
  queries: (random) => () =>
    random.pick([filtered, filtered, grouped, joinedTables, united, distinct, windowed, nested])(random),
};
