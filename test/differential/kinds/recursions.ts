/**
 * Random recursive queries: counters, walks up and down a tree and over a graph with circles, each bounded by its depth; with
 * further tables, outer joins and subqueries in the recursive member, and all kinds of queries over the result; and CONNECT BY.
 */
import type { Prng } from '../../../src/common/prng.ts';
import type { Kind, Query } from '../kind.ts';
import { column, type Table } from '../schema.ts';
import { node } from '../tree.ts';

const NODE = [
  column('id', 'int', 'int'),
  column('parent', 'int', 'int'),
  column('w', 'int', 'int'),
  column('t', 'varchar(20)', 'str'),
  column('d', 'decimal(10,2)', 'dec'),
];
const EDGE = [column('a', 'int', 'int'), column('b', 'int', 'int'), column('w', 'int', 'int')];

function tables(random: Prng): readonly Table[] {
  const count = random.pick([1, 12, 60, 300]);
  const nodes = Array.from({ length: count }, (_, id) => {
    const parent = id === 0 || random.int(0, 19) === 0 ? 'null' : String(random.int(Math.max(0, id - 12), id - 1));
    const text = random.int(0, 9) === 0 ? 'null' : `'${random.pick(['a', 'bc', '', 'x y', '日本', 'long text'])}'`;
    const w = random.int(0, 9) === 0 ? 'null' : String(random.int(-5, 9));
    return [String(id), parent, w, text, `${random.int(-100, 100)}.${random.pick(['00', '25', '50'])}`];
  });
  const edges = Array.from({ length: random.pick([1, 20, 90]) }, () =>
    [random.int(0, count), random.int(0, count), random.int(0, 3)].map(String),
  );
  return [
    { name: 'node', columns: NODE, rows: nodes },
    { name: 'edge', columns: EDGE, rows: edges },
  ];
}

interface Form {
  /** Columns id, depth, sum, path. */
  readonly seed: string;
  readonly member: string;
}

function seedOf(random: Prng): string {
  const some = random.pick([
    'id = 0',
    'parent is null',
    `id < ${random.int(0, 20)}`,
    `w > ${random.int(0, 8)}`,
    'id in (select b from edge)',
    'w = (select max(w) from node)',
    '1 = 0',
  ]);
  return random.pick([
    `select id, 0, coalesce(w, 0), cast(id as varchar(400)) from node where ${some}`,
    `select id, 0, coalesce(w, 0), cast(id as varchar(400)) from node where ${some}`,
    `select b, 0, sum(w)::int, cast('e' as varchar(400)) from edge group by b`,
    `select ${random.int(0, 9)}, 0, 1, cast('c' as varchar(400))`,
    `select max(id), 0, count(*)::int, cast(null as varchar(400)) from node`,
    `select id, 0, 1, cast('s' as varchar(400)) from node where ${some} union all select a, 0, w, cast('u' as varchar(400)) from edge where w = 0`,
  ]);
}

const longer = (step: string): string => `cast(r.path || '/' || ${step} as varchar(400))`;

/** Each walk with the depth that bounds its rows. */
function memberOf(random: Prng): string {
  const more = random.pick([
    '',
    '',
    '',
    ' and r.total < 20',
    ' and n.id in (select b from edge)',
    ' and n.id not in (select a from edge where w = 3)',
    ' and exists (select 1 from edge x where x.a = n.id and x.w < 3)',
    ' and n.w > (select avg(w) from node) - 3',
    ' and exists (select 1 from edge x where x.a = r.id)',
    ' and n.t is not null',
  ]);
  const total = random.pick(['r.total + coalesce(n.w, 0)', 'r.total', 'coalesce(n.w, r.total)', 'r.depth * 2']);
  const deep = random.pick([2, 5, 30]);
  const path = random.pick([longer('n.id::varchar'), longer(`coalesce(n.t, '')`), 'r.path']);
  const columns = `n.id, r.depth + 1, ${total}, ${path}`;
  return random.pick([
    `select ${columns} from node n join r on n.parent = r.id where r.depth < ${deep}${more}`,
    `select ${columns} from r, node n where n.parent = r.id and r.depth < ${deep}${more}`,
    `select ${columns} from r join node k on k.id = r.id join node n on n.id = k.parent where r.depth < ${deep}${more}`,
    `select ${columns} from r join edge e on e.a = r.id join node n on n.id = e.b where r.depth < 3${more}`,
    `select ${columns} from edge e join node n on n.id = e.b join r on e.a = r.id and e.w >= r.depth where r.depth < 4${more}`,
    `select n.id, r.depth + 1, r.total, r.path from r left join node n on n.parent = r.id where r.depth < 3`,
    `select coalesce(n.id, r.id), r.depth + 1, r.total + 1, r.path from node n right join r on n.parent = r.id where r.depth < 3`,
    `select ${columns} from r join node n on n.id > r.id and n.id < r.id + 4 where r.depth < 2${more}`,
    `select ${columns} from r join (select parent, max(id) as id, max(w) as w, min(t) as t from node group by parent) n on n.parent = r.id where r.depth < ${deep}`,
    `select r.id + 1, r.depth + 1, r.total + 2, ${longer(`'+'`)} from r where r.depth < ${random.pick([1, 10, 40])}`,
    `select r.id % 7, r.depth + 1, (select count(*) from edge)::int, r.path from r where r.depth < 5`,
  ]);
}

const formOf = (random: Prng): Form => ({ seed: seedOf(random), member: memberOf(random) });

function recursiveQuery(random: Prng): Query {
  const { seed, member } = formOf(random);
  const cte = `with recursive r (id, depth, total, path) as (${seed} union all ${member})`;
  const [over, types] = random.pick([
    ['select * from r', ['int', 'int', 'int', 'str']],
    ['select id, depth, total, path from r where depth > 0', ['int', 'int', 'int', 'str']],
    [
      'select depth, count(*), sum(id), max(total), min(path) from r group by depth',
      ['int', 'int', 'int', 'int', 'str'],
    ],
    ['select distinct id from r', ['int']],
    ['select count(*), sum(depth), sum(total) from r', ['int', 'int', 'int']],
    ['select r.id, r.depth, n.t from r join node n on n.id = r.id', ['int', 'int', 'str']],
    ['select n.id, r.depth from node n left join r on r.id = n.id', ['int', 'int']],
    ['select count(*) from r a join r b on a.id = b.id and a.depth < b.depth', ['int']],
    ['select id, w from node where id in (select id from r where depth = 1)', ['int', 'int']],
    ['select id from node where not exists (select 1 from r where r.id = node.id)', ['int']],
    ['select depth from r union select w from edge', ['int']],
    ['select id, max(depth) over (partition by id) from r', ['int', 'int']],
    [', s (n) as (select max(depth) from r union all select n - 1 from s where n > 0) select n from s', ['int']],
    [
      ', s (id, up) as (select id, 0 from r where depth = 1 union all select n.parent, up + 1 from s join node n on n.id = s.id where up < 4) select id, up from s',
      ['int', 'int'],
    ],
    [
      ', q as (select id, count(*) as n from r group by id) select q.n, r.depth from q join r using (id)',
      ['int', 'int'],
    ],
  ] as readonly (readonly [string, readonly string[]])[]);
  return { tree: node('query', cte, over.startsWith(',') ? '' : ' ', over), types, ordered: false };
}

/** CONNECT BY, whose WHERE comes behind the hierarchy, against the recursion that it is. */
function connectBy(random: Prng): Query {
  const [from, columns, way]: readonly [string, readonly string[], readonly [string, string]] = random.pick([
    ['node', ['id', 'parent', 'w', 't'], ['id', 'parent']],
    ['node', ['id', 'parent', 'w', 't'], ['parent', 'id']],
    ['edge', ['a', 'b', 'w'], ['b', 'a']],
    [
      '(select n.id, n.parent, n.w, count(*) as t from node n group by 1, 2, 3)',
      ['id', 'parent', 'w', 't'],
      ['id', 'parent'],
    ],
    [
      '(select n.id, e.b as parent, e.w from node n join edge e on e.a = n.id)',
      ['id', 'parent', 'w'],
      ['parent', 'id'],
    ],
  ] as const);
  const [up, down] = way;
  const [key, other] = [columns[0]!, columns[1]!];
  // A walk down the tree ends by itself; all others by their depth.
  const isTree = from === 'node';
  const deep = isTree && random.float() < 0.5 ? undefined : random.pick([2, 3, 4]);
  const more: readonly (readonly [ours: string, theirs: string])[] = [
    ...(deep === undefined ? [] : [[`level <= ${deep}`, `r.level + 1 <= ${deep}`] as const]),
    ...random.pick([
      [],
      [],
      [['prior x.w <= x.w', 'r.w <= x.w'] as const],
      [['x.w is not null', 'x.w is not null'] as const],
      [[`x.${key} <> prior x.w`, `x.${key} <> r.w`] as const],
      [[`prior x.${key} in (select w from edge)`, `r.${key} in (select w from edge)`] as const],
    ]),
  ];
  const on = random.pick([
    [`prior x.${up} = x.${down}`, `r.${up} = x.${down}`],
    [`x.${down} = prior x.${up}`, `x.${down} = r.${up}`],
  ] as const);
  const conditions = [on, ...more];
  const start = random.pick([
    `x.${key} = ${random.int(0, 5)}`,
    `x.${key} < ${random.int(1, 12)}`,
    `x.${other} is null`,
    `x.w = (select max(w) from ${isTree ? 'node' : 'edge'})`,
    ...(isTree ? [] : ['x.w = 0']),
    'true',
  ]);
  const where = random.pick(['', '', ' where level > 1', ' where x.w > 0', ` where x.${key} % 2 = 0 or level = 2`]);
  const theirWhere = where.replaceAll('x.', 'h.');
  const isAll = start === 'true';
  const startOurs = isAll ? '' : ` start with ${start}`;
  const hierarchy = [startOurs, ` connect by ${conditions.map(([ours]) => ours).join(' and ')}`];
  const ours = ` from ${from} x${where}${(random.float() < 0.5 ? hierarchy : [hierarchy[1], hierarchy[0]]).join('')}`;
  const list = columns.map((c) => `x.${c}`).join(', ');
  const theirs = `with recursive r as (select ${list}, 1 as level from ${from} x where ${start} union all select ${list}, r.level + 1 from ${from} x join r on ${conditions.map(([, own]) => own).join(' and ')}) `;
  const [items, tail, types] = random.pick([
    [[`x.${key}`, 'level'], '', ['int', 'int']],
    [[`x.${key}`, `x.${other}`, 'x.w', 'level * 2'], '', ['int', 'int', 'int', 'int']],
    [['level', 'count(*)', `sum(x.${key})`], ' group by level', ['int', 'int', 'int']],
    [[`x.${key}`, 'max(level)'], ` group by x.${key} having count(*) > 1`, ['int', 'int']],
    [['count(*)', 'max(level)', `min(x.${other})`], '', ['int', 'int', 'int']],
    [[`distinct x.${key}`], '', ['int']],
    [['level', `rank() over (partition by level order by x.${key})`], '', ['int', 'int']],
  ] as readonly (readonly [readonly string[], string, readonly string[]])[]);
  const asTheirs = (text: string): string => text.replaceAll('x.', 'h.');
  return {
    tree: node('query', [
      `select ${items.join(', ')}${ours}${tail}`,
      `${theirs}select ${asTheirs(items.join(', '))} from r h${theirWhere}${asTheirs(tail)}`,
    ]),
    types,
    ordered: false,
  };
}

export const recursions: Kind = {
  name: 'recursions',
  about: 'recursive queries',
  tables,
  queries: (random) => () => (random.float() < 0.25 ? connectBy(random) : recursiveQuery(random)),
};
