/**
 * Joins by the names of columns, USING and NATURAL, in chains of all kinds of join: what `*` gives and in which order, columns
 * merged and of one side, of types that equal one another, filtered, grouped, in derived tables.
 */
import type { Prng } from '../../../src/common/prng.ts';
import { chance, joined, some, someOf } from '../draw.ts';
import { Generator, type Ref, type Scope } from '../generator.ts';
import type { Kind, Query } from '../kind.ts';
import { column, valueOf, type Column, type Table } from '../schema.ts';
import { node, optional, type Node, type Piece } from '../tree.ts';

/** Names that tables share; each of one table is of one of the types. */
const SHARED: readonly (readonly Column[])[] = [
  [column('k', 'int', 'int'), column('k', 'bigint', 'int'), column('k', 'smallint', 'int')],
  [column('m', 'int', 'int'), column('m', 'decimal(12,3)', 'dec'), column('m', 'bigint', 'big')],
  [column('s', 'varchar(20)', 'str', 'bpchar'), column('s', 'char(6)', 'str')],
  [column('d', 'date', 'date'), column('d', 'timestamp', 'ts')],
  [column('b', 'bool', 'bool')],
];
/** The type of a column that two tables' are merged into: as the wider. */
const WIDER: Readonly<Record<string, number>> = { int: 0, big: 1, dec: 2, date: 0, ts: 1 };
const wider = (a: string, b: string): string => ((WIDER[a] ?? 0) >= (WIDER[b] ?? 0) ? a : b);

function tables(random: Prng): readonly Table[] {
  return Array.from({ length: random.int(3, 4) }, (_, t) => {
    const shared = someOf(random, SHARED).map((types) => random.pick(types));
    const own = [column(`own${t}`, 'int', 'int'), column(`more${t}`, 'varchar(20)', 'str', 'bpchar')];
    const columns = [...shared, ...someOf(random, own)];
    if (chance(random, 0.3)) columns.reverse();
    const nulls = random.pick([0, 0.1, 0.3]);
    const rows = Array.from({ length: random.pick([0, 1, 6, 12, 25]) }, () =>
      columns.map((c) => {
        if (chance(random, nulls)) return 'null';
        // Few keys, so that they meet.
        return c.type === 'int' || c.type === 'big' ? String(random.int(0, 5)) : valueOf(random, c);
      }),
    );
    return { name: `n${t}`, columns, rows };
  });
}

interface Merged {
  readonly tree: Node;
  /** As `*` gives them: merged ones by their name alone, without a text when other columns have the name. */
  readonly columns: readonly (Ref & { readonly name: string })[];
  /** Columns of one side behind a merged one, by the side's name. */
  readonly sides: readonly Ref[];
}

const readableOf = (columns: Merged['columns']): Merged['columns'] =>
  columns.map((c) =>
    c.text === c.name && columns.filter((o) => o.name === c.name).length > 1 ? { ...c, text: '' } : c,
  );

class NamedJoinGenerator {
  private alias = 0;
  constructor(
    private readonly random: Prng,
    private readonly all: readonly Table[],
    private readonly generator: Generator,
  ) {}

  query(): Query {
    const { random, generator } = this;
    const from = this.from(random.int(2, 4));
    const readable = from.columns.filter((c) => c.text !== '');
    if (readable.length === 0) return this.query();
    const scope: Scope = { columns: [...readable, ...from.sides], outer: [], plain: chance(random, 0.7) };
    const where = some(random, 0, 2, () => optional(' and (', generator.condition(scope, 1), ')'));
    const tail: Piece[] = [' from ', from.tree, ' where true', ...where];
    const star = { tree: node('', 'select *', ...tail), types: from.columns.map((c) => c.type) };
    switch (random.int(0, 5)) {
      case 0:
      case 1:
        return { ...star, tree: node('query', star.tree), ordered: false };
      case 2: {
        const key = random.pick(readable);
        const other = random.pick(scope.columns);
        const items = `${key.text}, count(*), count(${other.text})`;
        return {
          tree: node('query', `select ${items}`, ...tail, ` group by ${key.text}`),
          types: [key.type, 'int', 'int'],
          ordered: false,
        };
      }
      case 3: {
        // A derived table's columns are those of `*`, which must have names apart.
        const names = from.columns.map((c) => c.name);
        const single = from.columns.filter((c) => names.filter((n) => n === c.name).length === 1);
        if (single.length === 0) return this.query();
        const items = some(random, 1, 3, () => random.pick(single));
        return {
          tree: node('query', `select ${items.map((c) => `q.${c.name}`).join(', ')} from (`, star.tree, ') q'),
          types: items.map((c) => c.type),
          ordered: false,
        };
      }
      default: {
        const types = some(random, 1, 4, () => random.pick(scope.columns).type);
        const items = types.map((t) => generator.expr(t, scope, 1));
        return { tree: node('query', 'select ', ...joined(items, ', '), ...tail), types, ordered: false };
      }
    }
  }
  private source(): Merged {
    const table = this.random.pick(this.all);
    const alias = `x${this.alias++}`;
    const columns = table.columns.map((c) => ({ name: c.name, text: `${alias}.${c.name}`, type: c.type }));
    const isDerived = chance(this.random, 0.15);
    return {
      tree: node('', isDerived ? `(select * from ${table.name}) ${alias}` : `${table.name} ${alias}`),
      columns,
      sides: [],
    };
  }
  private from(count: number): Merged {
    const { random } = this;
    let left = this.source();
    for (let i = 1; i < count; i++) {
      const isNested = count > 3 && i === count - 1 && chance(random, 0.3);
      const right = isNested ? this.from(2) : this.source();
      left = this.join(left, right, isNested);
    }
    return left;
  }
  private join(left: Merged, right: Merged, isNested: boolean): Merged {
    const { random } = this;
    const kind = random.pick(['join', 'join', 'left join', 'right join', 'full join']);
    const names = left.columns.map((c) => c.name).filter((n) => right.columns.some((c) => c.name === n));
    const once = (of: Merged, name: string): boolean => of.columns.filter((c) => c.name === name).length === 1;
    const common = [...new Set(names)];
    const fit = common.filter((n) => once(left, n) && once(right, n));
    const isNatural = fit.length === common.length && chance(random, 0.4);
    const other = isNested ? node('', '(', right.tree, ')') : right.tree;
    const sides = [...left.sides, ...right.sides];
    if (common.length === 0 || (fit.length === 0 && !isNatural))
      return {
        tree: node('', '(', left.tree, ' cross join ', other, ')'),
        columns: readableOf([...left.columns, ...right.columns]),
        sides,
      };
    const keys = isNatural ? fit : someOf(random, fit);
    const merged = keys.map((name) => {
      const [a, b] = [left, right].map((s) => s.columns.find((c) => c.name === name)!.type);
      return { name, text: name, type: wider(a!, b!) };
    });
    // The names of the right side stand in any order behind USING; NATURAL takes the left side's.
    const ordered = isNatural
      ? [...merged].sort((a, b) => this.place(left, a.name) - this.place(left, b.name))
      : merged;
    const rest = (of: Merged): Merged['columns'] => of.columns.filter((c) => !keys.includes(c.name));
    const hidden = [...left.columns, ...right.columns].filter((c) => keys.includes(c.name) && c.text !== c.name);
    const tree = isNatural
      ? node('', '(', left.tree, ` natural ${kind} `, other, ')')
      : node('', '(', left.tree, ` ${kind} `, other, ` using (${keys.join(', ')}))`);
    return { tree, columns: readableOf([...ordered, ...rest(left), ...rest(right)]), sides: [...sides, ...hidden] };
  }
  private place(of: Merged, name: string): number {
    return of.columns.findIndex((c) => c.name === name);
  }
}

export const namedJoins: Kind = {
  name: 'named-joins',
  about: 'joins by USING and NATURAL',
  tables,
  queries: (random, all) => {
    const generator = new NamedJoinGenerator(random, all, new Generator(random, all));
    return () => generator.query();
  },
};
