/**
 * Random recursive queries: counters, walks up and down a tree and over a graph with circles, each bounded by its depth; with
 * further tables, outer joins and subqueries in the recursive member, and all kinds of queries over the result.
 */
import type { Prng } from '../../src/common/prng.ts';

export interface RecursiveQuery {
  readonly sql: string;
  readonly types: readonly string[];
}
export const RECURSION_TABLES = [
  'create table node (id int, parent int, w int, t varchar(20), d decimal(10,2))',
  'create table edge (a int, b int, w int)',
] as const;
/** What Slicehouse's tables are made with: one of each for every seed. */
export const RECURSION_STYLES = [
  ['diststyle even', 'distkey(id)', 'distkey(parent)', 'diststyle all', 'distkey(id) sortkey(parent)'],
  ['diststyle even', 'distkey(a)', 'distkey(b)', 'diststyle all'],
] as const;

export function recursionRows(random: Prng): readonly string[] {
  const count = random.pick([1, 12, 60, 300]);
  const nodes = Array.from({ length: count }, (_, id) => {
    const parent = id === 0 || random.int(0, 19) === 0 ? 'null' : String(random.int(Math.max(0, id - 12), id - 1));
    const text = random.int(0, 9) === 0 ? 'null' : `'${random.pick(['a', 'bc', '', 'x y', '日本', 'long text'])}'`;
    const w = random.int(0, 9) === 0 ? 'null' : String(random.int(-5, 9));
    return `(${id}, ${parent}, ${w}, ${text}, ${random.int(-100, 100)}.${random.pick(['00', '25', '50'])})`;
  });
  const edges = Array.from({ length: random.pick([1, 20, 90]) }, () => {
    return `(${random.int(0, count)}, ${random.int(0, count)}, ${random.int(0, 3)})`;
  });
  return [`insert into node values ${nodes.join(', ')}`, `insert into edge values ${edges.join(', ')}`];
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

export function recursiveQuery(random: Prng): RecursiveQuery {
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
  return { sql: `${cte}${over.startsWith(',') ? '' : ' '}${over}`, types };
}
