/** Oracle's outer joins, (+) in WHERE, against ANSI ones: chains and stars of tables, filters with and without the mark. */
import type { Prng } from '../../../src/common/prng.ts';
import { chance, joined, shuffled, some } from '../draw.ts';
import { comparablePairs, COMPARISONS, Generator, type Ref, type Scope } from '../generator.ts';
import { anyTables, type Kind, type Query } from '../kind.ts';
import { makeTable, type Table } from '../schema.ts';
import { node, optional, render, type Node, type Piece } from '../tree.ts';

interface Joined {
  readonly alias: string;
  readonly source: Piece;
  readonly columns: readonly Ref[];
  /** What it is outer joined to, and by which conditions, ours with marks. */
  readonly to: Joined | undefined;
  readonly on: readonly (readonly [ours: Piece, theirs: Piece])[];
}

class OuterOperatorGenerator {
  private alias = 0;
  constructor(
    private readonly random: Prng,
    private readonly tables: readonly Table[],
    private readonly generator: Generator,
  ) {}

  query(): Query {
    const { random, generator } = this;
    const sources: Joined[] = [];
    const count = random.int(2, 4);
    while (sources.length < count) sources.push(this.source(sources));
    if (sources.every((s) => s.to === undefined)) return this.query();
    const columns = sources.flatMap((s) => s.columns);
    const scope: Scope = { columns, outer: [], plain: true };
    const filters = [
      ...this.equalities(sources),
      ...some(random, 0, 2, () => optional(' and (', generator.condition(scope, 1), ')')),
    ];
    const marked = shuffled(
      random,
      sources.flatMap((s) => s.on.map(([ours]) => ours)),
    );
    const list = joined(
      shuffled(random, sources).map((s) => s.source),
      ', ',
    );
    const from: Piece = [list.map((p) => render(p, 'ours')).join(''), this.ansi(sources)];
    const where: Piece = [` where ${marked.map((m) => render(m, 'ours')).join(' and ')}`, ' where true'];
    const grouped = chance(random, 0.3);
    const items = some(random, 1, 4, () => random.pick(columns));
    const types = items.map((c) => c.type);
    if (grouped)
      return {
        tree: node(
          'query',
          `select ${items[0]!.text}, count(*), count(${items.at(-1)!.text}) from `,
          from,
          where,
          ...filters,
          ` group by ${items[0]!.text}`,
        ),
        types: [types[0]!, 'int', 'int'],
        ordered: false,
      };
    return {
      tree: node(
        'query',
        `select ${items.map((c, i) => `${c.text} as c${i}`).join(', ')} from `,
        from,
        where,
        ...filters,
      ),
      types,
      ordered: false,
    };
  }
  private source(before: readonly Joined[]): Joined {
    const { random } = this;
    const alias = `x${this.alias++}`;
    const table = random.pick(this.tables);
    const isDerived = chance(random, 0.15);
    const source = isDerived ? `(select * from ${table.name}) ${alias}` : `${table.name} ${alias}`;
    const columns = table.columns.map((c) => ({ text: `${alias}.${c.name}`, type: c.type }));
    const to = before.length > 0 && chance(random, 0.75) ? random.pick(before) : undefined;
    const pairs = comparablePairs(random, to?.columns ?? [], columns);
    if (to === undefined || pairs.length === 0) return { alias, source, columns, to: undefined, on: [] };
    const compared = some(random, 1, 2, (i) => {
      const [a, b] = random.pick(pairs);
      const op = i === 0 || chance(random, 0.6) ? '=' : random.pick(COMPARISONS);
      return chance(random, 0.5)
        ? ([`${a.text} ${op} ${b.text}(+)`, `${a.text} ${op} ${b.text}`] as const)
        : ([`${b.text} (+) ${op} ${a.text}`, `${b.text} ${op} ${a.text}`] as const);
    });
    const filters = some(random, 0, 1, () => {
      const c = random.pick(columns);
      const constant = this.generator.constant(c.type);
      const op = random.pick(COMPARISONS);
      return [
        `${c.text}(+) ${op} ${render(constant, 'ours')}`,
        `${c.text} ${op} ${render(constant, 'oracle')}`,
      ] as const;
    });
    return { alias, source, columns, to, on: [...compared, ...filters] };
  }
  /** Tables without a mark are joined by what they equal: also with one that may have no match. */
  private equalities(sources: readonly Joined[]): Node[] {
    const { random } = this;
    return sources.flatMap((s, i) => {
      if (s.to !== undefined || i === 0 || !chance(random, 0.8)) return [];
      const others = sources.slice(0, i).flatMap((o) => o.columns);
      const pairs = others.flatMap((a) => s.columns.filter((b) => b.type === a.type).map((b) => [a, b] as const));
      if (pairs.length === 0) return [];
      const [a, b] = random.pick(pairs);
      return [node('', ` and ${a.text} = ${b.text}`)];
    });
  }
  /** Each table with the ones that hang on it, side by side. */
  private ansi(sources: readonly Joined[]): string {
    const hung = (base: Joined): string =>
      sources
        .filter((s) => s.to === base)
        .reduce(
          (text, s) => {
            const on = s.on.map(([, theirs]) => render(theirs, 'oracle')).join(' and ');
            const below = sources.some((o) => o.to === s);
            return below
              ? this.chained(text, s, on, hung)
              : `(${text} left join ${render(s.source, 'oracle')} on ${on})`;
          },
          render(base.source, 'oracle'),
        );
    return sources
      .filter((s) => s.to === undefined)
      .map(hung)
      .join(' cross join ');
  }
  /** What hangs on a table that may have no match is joined to the result, since it may itself find none. */
  private chained(text: string, s: Joined, on: string, hung: (base: Joined) => string): string {
    const inner = hung(s);
    const own = render(s.source, 'oracle');
    const at = inner.indexOf(own);
    return inner.slice(0, at) + `(${text} left join ${own} on ${on})` + inner.slice(at + own.length);
  }
}

export const outerOperators: Kind = {
  name: 'outer-operators',
  about: 'outer joins by (+)',
  tables: (random) => [...anyTables(random), makeTable(random, 'u0')],
  queries: (random, tables) => {
    const generator = new OuterOperatorGenerator(random, tables, new Generator(random, tables));
    return () => generator.query();
  },
};
