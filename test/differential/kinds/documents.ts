/**
 * Random documents and queries over them, once for SUPER and once for PostgreSQL's jsonb, in what both mean alike: paths,
 * casts, items of arrays and attributes of objects as rows (in FROM and in correlated subqueries), equality, grouping, joins,
 * windows, order among numbers and among strings, arithmetic, text. Names come in jsonb's order, strings are without blanks at
 * their ends; a JSON null beside an operator is NULL, as SUPER has it.
 */
import type { Prng } from '../../../src/common/prng.ts';
import { below } from '../draw.ts';
import type { Kind } from '../kind.ts';
import { column, type Cell, type Table } from '../schema.ts';
import { node } from '../tree.ts';

interface SuperQuery {
  readonly ours: string;
  readonly theirs: string;
  readonly types: readonly string[];
  readonly ordered: boolean;
}
/** An expression in both languages. */
type Pair = readonly [ours: string, theirs: string];

const KEYS = ['a', 'b', 'c', 'dd'];
const STRINGS = ['', 'x', 'y', 'abc', '12', '-7', 'true', '1.5', 'Zz', 'é', 'q"q', 'b\\\\s'];
const NUMBERS = [
  '0',
  '1',
  '1.0',
  '2',
  '-7',
  '12',
  '1.5',
  '1.50',
  '100',
  '1e2',
  '2147483648',
  '12345678901234567890123.45',
];

function scalar(random: Prng): string {
  switch (below(random, 8)) {
    case 0:
      return 'null';
    case 1:
      return random.pick(['true', 'false']);
    case 2:
    case 3:
    case 4:
      return JSON.stringify(random.pick(STRINGS));
    default:
      return random.pick(NUMBERS);
  }
}
/** JSON text; `depth` levels of containers at most. */
function document(random: Prng, depth = 3): string {
  const kind = depth === 0 ? 0 : below(random, 5);
  if (kind < 2) return scalar(random);
  if (kind < 4) {
    const names = KEYS.filter(() => below(random, 3) > 0);
    return `{${names.map((k) => `"${k}":${document(random, depth - 1)}`).join(',')}}`;
  }
  return `[${Array.from({ length: below(random, 5) }, () => document(random, depth - 1)).join(',')}]`;
}
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
/** Backslashes of our literals are escapes. */
const cell = (text: string): Cell => [`json_parse(${quoted(text.replaceAll('\\', '\\\\'))})`, quoted(text)];
function tables(random: Prng): readonly Table[] {
  const rows = Array.from({ length: random.pick([1, 30, 300]) }, (_, id) => {
    const text = below(random, 10) === 0 ? undefined : document(random, 4);
    return [String(id), String(below(random, 5)), text === undefined ? 'null' : cell(text)];
  });
  const columns = [column('id', 'int', 'int'), column('g', 'int', 'int'), column('s', 'super', 'json', 'jsonb')];
  return [{ name: 'docs', columns, rows }];
}

/** A path into `root`; what leads nowhere is NULL. */
function path(random: Prng, root: string, depth = below(random, 4)): Pair {
  const steps = Array.from({ length: depth }, () => (below(random, 4) === 0 ? below(random, 3) : random.pick(KEYS)));
  const ours = steps.map((s) => (typeof s === 'number' ? `[${s}]` : `.${s}`)).join('');
  return [`${root}${ours}`, depth === 0 ? root : `(${root} #> '{${steps.join(',')}}')`];
}
const present = ([, theirs]: Pair): string => `nullif(${theirs}, 'null')`;
const items = ([, theirs]: Pair): string =>
  `jsonb_array_elements(case when jsonb_typeof(${theirs}) = 'array' then ${theirs} else '[]' end)`;
const numberOf = (theirs: string): string =>
  `case when jsonb_typeof(${theirs}) = 'number' then (${theirs} #>> '{}')::numeric end`;
const typeIs = (p: Pair, kind: string): Pair => [
  `json_typeof(${p[0]}) = '${kind}'`,
  `jsonb_typeof(${p[1]}) = '${kind}'`,
];

/** A value over `root` and how it is compared. */
function value(random: Prng, root: string): readonly [Pair, string] {
  const p = path(random, root);
  const [ours, theirs] = p;
  switch (below(random, 11)) {
    case 0:
      return [[`json_serialize(${ours})`, `${theirs}::text`], 'json'];
    case 1:
      return [[`json_typeof(${ours})`, `jsonb_typeof(${theirs})`], 'str'];
    case 2:
      return [[`${ours} is null`, `(${present(p)} is null)`], 'bool'];
    case 3: {
      const text = `(${theirs} #>> '{}')`;
      const number = `case jsonb_typeof(${theirs}) when 'number' then trunc(${text}::numeric) when 'boolean' then (${text}::bool)::int when 'string' then case when ${text} ~ '^-?[0-9]+$' then ${text}::numeric end end`;
      return [[`${ours}::bigint`, `(case when abs(${number}) < 9e18 then ${number} end)`], 'dec'];
    }
    case 4:
      return [
        [
          `${ours}::varchar`,
          `(case when jsonb_typeof(${theirs}) not in ('object', 'array') then ${theirs} #>> '{}' end)`,
        ],
        'str',
      ];
    case 5:
      return [
        [
          `get_array_length(${ours})`,
          `jsonb_array_length(case when jsonb_typeof(${theirs}) = 'array' then ${theirs} end)`,
        ],
        'int',
      ];
    case 6: {
      const op = random.pick(['+', '-', '*']);
      return [[`${ours} ${op} 3`, `(${numberOf(theirs)} ${op} 3)`], 'dec'];
    }
    case 7:
      return [
        [
          `(select count(*) from ${ours.includes('.') ? ours : `${root}`} as z where z is not null)`,
          `(select count(*) from ${items(ours.includes('.') ? p : [root, root])} as z where z <> 'null')`,
        ],
        'int',
      ];
    case 8: {
      const inner = path(random, 'z', 1);
      const source: Pair = ours.includes('.') ? p : [root, root];
      return [
        [
          `(select sum(${inner[0]}) from ${source[0]} as z)`,
          `(select sum(${numberOf(inner[1])}) from ${items(source)} as z)`,
        ],
        'dec',
      ];
    }
    case 9: {
      const q = path(random, root);
      return [[`${ours} = ${q[0]}`, `(${present(p)} = ${present(q)})`], 'bool'];
    }
    default:
      return [p, 'json'];
  }
}

function condition(random: Prng, root: string): Pair {
  const p = path(random, root);
  switch (below(random, 5)) {
    case 0:
      return typeIs(p, random.pick(['number', 'string', 'array', 'object', 'boolean']));
    case 1: {
      const q = path(random, root);
      return [`${p[0]} <> ${q[0]}`, `${present(p)} <> ${present(q)}`];
    }
    case 2: {
      const text = random.pick(['x', 'abc', '12']);
      return [`${p[0]} = '${text}'`, `${present(p)} = '"${text}"'::jsonb`];
    }
    case 3: {
      const source = path(random, root, 1 + below(random, 2));
      const exists = random.pick(['exists', 'not exists']);
      return [
        `${exists} (select 1 from ${source[0]} as z where z > 1)`,
        `${exists} (select 1 from ${items(source)} as z where ${numberOf('z')} > 1)`,
      ];
    }
    default: {
      const n = random.pick(['1', '12', '1.5']);
      return [`${p[0]} in (${n}, true)`, `${present(p)} in ('${n}'::jsonb, 'true'::jsonb)`];
    }
  }
}
const both = (make: (side: 0 | 1) => string): Pick<SuperQuery, 'ours' | 'theirs'> => ({
  ours: make(0),
  theirs: make(1),
});

/** Rows of documents with values of theirs. */
function plain(random: Prng): SuperQuery {
  const values = Array.from({ length: 1 + below(random, 4) }, () => value(random, 'd.s'));
  const where = below(random, 2) === 0 ? undefined : condition(random, 'd.s');
  return {
    ...both(
      (i) =>
        `select d.id, ${values.map(([v]) => v[i]).join(', ')} from docs d${where === undefined ? '' : ` where ${where[i]}`} order by d.id`,
    ),
    types: ['int', ...values.map(([, type]) => type)],
    ordered: true,
  };
}
/** Items of an array, or attributes of an object, of each document. */
function unnested(random: Prng): SuperQuery {
  const source = path(random, 'd.s', 1 + below(random, 2));
  const inner = path(random, 'x', 1);
  const [v, type] = value(random, 'x');
  const isLeft = below(random, 3) === 0;
  switch (below(random, 3)) {
    case 0:
      return {
        ours: `select d.id, v, k from docs d, unpivot ${source[0]} as v at k`,
        theirs: `select d.id, v, k from docs d, jsonb_each(case when jsonb_typeof(${source[1]}) = 'object' then ${source[1]} else '{}' end) as e(k, v)`,
        types: ['int', 'json', 'str'],
        ordered: false,
      };
    case 1:
      return {
        ours: `select d.id, x, i, y from docs d, ${source[0]} as x at i, ${inner[0]} as y`,
        theirs: `select d.id, x, i - 1, y from docs d, ${items(source)} with ordinality as e(x, i), ${items(inner)} as y`,
        types: ['int', 'json', 'int', 'json'],
        ordered: false,
      };
    default:
      return {
        ours: `select d.id, i, ${v[0]} from docs d ${isLeft ? 'left join' : ','} ${source[0]} as x at i${isLeft ? ' on true' : ''}`,
        theirs: `select d.id, i - 1, ${v[1]} from docs d ${isLeft ? 'left join lateral' : ','} ${items(source)} with ordinality as e(x, i)${isLeft ? ' on true' : ''}`,
        types: ['int', 'int', type],
        ordered: false,
      };
  }
}
/** Groups, distinct values and joins by what values equal. */
function alike(random: Prng): SuperQuery {
  const p = path(random, 'd.s');
  const q = path(random, 'e.s');
  switch (below(random, 6)) {
    case 0:
      return {
        ...both((i) => `select count(*), min(d.id), max(d.g) from docs d group by ${p[i]}`),
        types: ['int', 'int', 'int'],
        ordered: false,
      };
    case 1:
      return {
        ours: `select d.g, count(distinct ${p[0]}), count(${p[0]}) from docs d group by d.g`,
        theirs: `select d.g, count(distinct ${present(p)}), count(${present(p)}) from docs d group by d.g`,
        types: ['int', 'int', 'int'],
        ordered: false,
      };
    case 2: {
      const join = random.pick(['join', 'left join']);
      return {
        ours: `select d.id, e.id from docs d ${join} docs e on ${p[0]} = ${q[0]}`,
        theirs: `select d.id, e.id from docs d ${join} docs e on ${present(p)} = ${present(q)}`,
        types: ['int', 'int'],
        ordered: false,
      };
    }
    case 3:
      return {
        ...both(
          (i) =>
            `select d.id, count(*) over (partition by ${p[i]}), row_number() over (partition by ${p[i]} order by d.id) from docs d order by d.id`,
        ),
        types: ['int', 'int', 'int'],
        ordered: true,
      };
    case 4: {
      const kind = random.pick(['number', 'string']);
      const where = typeIs(p, kind);
      const down = random.pick(['', ' desc']);
      return {
        ours: `select d.id, rank() over (order by ${p[0]}${down}) from docs d where ${where[0]} order by ${p[0]}${down}, d.id`,
        theirs: `select d.id, rank() over (order by ${ranked(p[1], kind)}${down}) from docs d where ${where[1]} order by ${ranked(p[1], kind)}${down}, d.id`,
        types: ['int', 'int'],
        ordered: true,
      };
    }
    default: {
      const source = path(random, 'd.s', 1);
      return {
        ours: `select x, count(*), max(d.id) from docs d, ${source[0]} as x where json_typeof(x) = 'string' group by x`,
        theirs: `select x, count(*), max(d.id) from docs d, ${items(source)} as x where jsonb_typeof(x) = 'string' group by x`,
        types: ['json', 'int', 'int'],
        ordered: false,
      };
    }
  }
}
const ranked = (theirs: string, kind: string): string =>
  kind === 'number' ? `(${theirs} #>> '{}')::numeric` : `(${theirs} #>> '{}') collate "C"`;

const superQuery = (random: Prng): SuperQuery =>
  random.pick([plain, plain, unnested, unnested, alike, alike])(random);

export const documents: Kind = {
  name: 'documents',
  about: 'queries over documents',
  tables,
  queries: (random) => () => {
    const { ours, theirs, types, ordered } = superQuery(random);
    return { tree: node('query', [ours, theirs]), types, ordered };
  },
};
