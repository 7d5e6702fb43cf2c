/** PIVOT against aggregates over CASE, UNPIVOT against a UNION ALL of its columns; alone, filtered, grouped and joined. */
import type { Prng } from '../../../src/common/prng.ts';
import { chance, joined, shuffled, some, someOf } from '../draw.ts';
import { COMPARISONS, Generator, type Ref } from '../generator.ts';
import { anyTables, type Kind, type Query } from '../kind.ts';
import { CAST, literal } from '../schema.ts';
import { node, optional, render, type Node, type Piece } from '../tree.ts';

/** Rows in parentheses with an alias, and their columns. */
interface Rows {
  readonly tree: Node;
  readonly columns: readonly Ref[];
}
const PIVOTED = ['int', 'int', 'str', 'date', 'dec', 'bool', 'time', 'tz'];
const CARRIED = ['int', 'str', 'date', 'bool', 'dec', 'big', 'flt', 'ts', 'time', 'ttz', 'tz', 'y2m', 'd2s'];
const MEASURES = ['int', 'dec', 'flt', 'str', 'date'];

class PivotGenerator {
  private alias = 0;
  constructor(
    private readonly random: Prng,
    private readonly generator: Generator,
  ) {}
  private name(): string {
    return `v${this.alias++}`;
  }

  query(): Query {
    const { random } = this;
    const rows = this.rows();
    const where = chance(random, 0.4) ? [optional(' where ', this.filter(rows.columns))] : [];
    if (chance(random, 0.2)) {
      const other = this.alone(this.rows());
      const left = this.alone(rows);
      const pairs = left.columns.flatMap((a) =>
        other.columns.filter((b) => b.type === a.type).map((b) => [a, b] as const),
      );
      if (pairs.length > 0) {
        const [a, b] = random.pick(pairs);
        const on = `${a.text} = ${b.text}`;
        const join = random.pick(['join', 'left join']);
        return {
          tree: node(
            'query',
            `select ${a.text}, ${b.text}, count(*) from `,
            left.tree,
            ` ${join} `,
            other.tree,
            ` on ${on} group by 1, 2`,
          ),
          types: [a.type, b.type, 'int'],
          ordered: false,
        };
      }
    }
    if (chance(random, 0.3)) {
      const [key, value] = [random.pick(rows.columns), random.pick(rows.columns)];
      const measure = value.type === 'bool' ? `count(${value.text})` : `max(${value.text})`;
      return {
        tree: node(
          'query',
          `select ${key.text}, count(*), ${measure} from `,
          rows.tree,
          ...where,
          ` group by ${key.text}`,
        ),
        types: [key.type, 'int', value.type === 'bool' ? 'int' : value.type],
        ordered: false,
      };
    }
    const star = chance(random, 0.5);
    const items = star ? '*' : rows.columns.map((c) => c.text).join(', ');
    return {
      tree: node('query', `select ${items} from `, rows.tree, ...where),
      types: rows.columns.map((c) => c.type),
      ordered: false,
    };
  }
  /** Joins take no PIVOT itself. */
  private alone({ tree, columns }: Rows): Rows {
    const alias = this.name();
    const renamed = columns.map((c) => ({ ...c, text: c.text.replace(/^\w+/, alias) }));
    return { tree: node('', '(select * from ', tree, `) ${alias}`), columns: renamed };
  }
  private rows(): Rows {
    return chance(this.random, 0.6) ? this.pivot() : this.unpivot();
  }
  private filter(columns: readonly Ref[]): Node {
    const c = this.random.pick(columns);
    return this.random.pick([
      () => node('bool', c.text, ` ${this.random.pick(COMPARISONS)} `, this.generator.constant(c.type)),
      () => node('bool', c.text, this.random.pick([' is null', ' is not null'])),
    ])();
  }
  /** A subquery with the given columns, named as they are called. */
  private input(types: readonly string[], names: readonly string[]): Node {
    const body = this.generator.select(types, [], this.random.pick([0, 1]));
    const alias = this.name();
    const columns = types.map((_, i) => `${alias}.c${i} as ${names[i]}`).join(', ');
    return node('', `select ${columns} from (`, body, `) ${alias}`);
  }

  private pivot(): Rows {
    const { random } = this;
    const alias = this.name();
    const carried = some(random, 0, 2, () => random.pick(CARRIED));
    const [type, measured] = [random.pick(PIVOTED), random.pick(MEASURES)];
    const types = [...carried, type, measured];
    const names = [...carried.map((_, i) => `k${i}`), 'p', 'm'];
    const order = shuffled(random, names);
    const input = this.input(
      order.map((n) => types[names.indexOf(n)]!),
      order,
    );
    const aggregate = this.aggregate(measured);
    const values = [...new Set(some(random, 1, 4, () => (chance(random, 0.1) ? 'null' : literal(random, type))))];
    const named = values.map((v, i) => ({ value: v, name: `n${i}` }));
    const groups = order.filter((n) => n.startsWith('k') || (aggregate.isCount && n === 'm'));
    const typed = (v: string): string => `${v}${CAST[type]?.[1] ?? ''}`;
    const columns = named.map(({ value, name }): Piece => {
      const when = value === 'null' ? 'p is null' : `p = ${typed(value)}`;
      return `${aggregate.theirs(when)} as ${name}`;
    });
    const theirs = joined([...groups, ...columns], ', ')
      .map((p) => render(p, 'oracle'))
      .join('');
    const groupBy = groups.length === 0 ? '' : ` group by ${groups.join(', ')}`;
    const list = named
      .map(({ value, name }) => `${type === 'date' && value !== 'null' ? `${value}` : value} as ${name}`)
      .join(', ');
    return {
      tree: node('', ['(', `(select ${theirs} from (`], input, [
        `) pivot (${aggregate.ours} for p in (${list})) as ${alias}`,
        `) ${alias}${groupBy}) ${alias}`,
      ]),
      columns: [
        ...groups.map((g) => ({ text: `${alias}.${g}`, type: types[names.indexOf(g)]! })),
        ...named.map(({ name }) => ({ text: `${alias}.${name}`, type: aggregate.type })),
      ],
    };
  }
  private aggregate(type: string): {
    readonly ours: string;
    readonly theirs: (when: string) => string;
    readonly type: string;
    /** COUNT(*) names no column, so that the measure is a group. */
    readonly isCount: boolean;
  } {
    const { random } = this;
    const of = (ours: string, start: string, result: string, end = ')'): ReturnType<PivotGenerator['aggregate']> => ({
      ours,
      theirs: (when) => `${start}case when ${when} then m end${end}`,
      type: result,
      isCount: false,
    });
    const count = {
      ours: 'count(*)',
      theirs: (when: string) => `count(case when ${when} then 1 end)`,
      type: 'int',
      isCount: true,
    };
    const numbers = type === 'int' || type === 'dec' || type === 'flt' ? [of('sum(m)', 'sum(', type)] : [];
    const average = type === 'int' ? [of('avg(m)', 'trunc(avg(', 'int', '))')] : [];
    return random.pick([
      count,
      of('count(m)', 'count(', 'int'),
      of('count(distinct m)', 'count(distinct ', 'int'),
      of('min(m)', 'min(', type),
      of('max(m)', 'max(', type),
      ...numbers,
      ...average,
    ]);
  }

  private unpivot(): Rows {
    const { random } = this;
    const alias = this.name();
    const carried = some(random, 0, 2, () => random.pick(CARRIED));
    const type = random.pick(['int', 'int', 'dec', 'str', 'date', 'flt', 'big']);
    const turned = some(random, 1, 4, (i) => `u${i}`);
    const names = [...carried.map((_, i) => `k${i}`), ...turned];
    const types = [...carried, ...turned.map(() => type)];
    const order = shuffled(random, names);
    const input = this.input(
      order.map((n) => types[names.indexOf(n)]!),
      order,
    );
    const taken = someOf(random, turned);
    const kept = order.filter((n) => !taken.includes(n));
    const named = taken.map((column) => ({ column, name: chance(random, 0.3) ? `name of ${column}` : undefined }));
    const nulls = random.pick(['', '', 'exclude nulls ', 'include nulls ']);
    const where = nulls === 'include nulls ' ? '' : ' where v is not null';
    const list = named.map(({ column, name }) => `${column}${name === undefined ? '' : ` as "${name}"`}`).join(', ');
    const rest = kept.map((k) => `i.${k}, `).join('');
    const arms = named
      .map(({ column, name }) => `select ${rest}'${name ?? column}'::text as n, i.${column} as v from i`)
      .join(' union all ');
    const outer = kept.map((k) => `${k}, `).join('');
    return {
      tree: node('', ['(', `(with i as (`], input, [
        `) unpivot ${nulls}(v for n in (${list})) as ${alias}`,
        `) select ${outer}n, v from (${arms}) q${where}) ${alias}`,
      ]),
      columns: [
        ...kept.map((k) => ({ text: `${alias}.${k}`, type: types[names.indexOf(k)]! })),
        { text: `${alias}.n`, type: 'str' },
        { text: `${alias}.v`, type },
      ],
    };
  }
}

export const pivots: Kind = {
  name: 'pivots',
  about: 'pivoted tables',
  tables: anyTables,
  queries: (random, tables) => {
    const generator = new PivotGenerator(random, new Generator(random, tables));
    return () => generator.query();
  },
};
