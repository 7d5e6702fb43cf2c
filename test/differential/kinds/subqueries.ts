/**
 * Random queries full of subqueries, for the places and the correlations that unnesting must get right: EXISTS, IN, scalar
 * subqueries, rows of values and lists of them, negated, under OR, in CASE, select lists, HAVING and nested, correlated by equalities,
 * inequalities, expressions and alternatives, over joins, groups and set operations. A subquery refers to the query right
 * around it only, and under IN it groups by MIN and MAX only: the rest is refused, as in Redshift.
 */
import type { Prng } from '../../../src/common/prng.ts';
import { comparablePairs, constant, type Ref } from '../generator.ts';
import { anyTables, type Kind, type Query } from '../kind.ts';
import type { Table } from '../schema.ts';
import { node, optional, type Node, type Piece } from '../tree.ts';

interface Block {
  readonly tree: Node;
  readonly columns: readonly Ref[];
}
const COMPARISONS = ['=', '=', '=', '<', '<=', '>', '>=', '<>'];
const TYPES = ['int', 'int', 'int', 'int', 'str', 'dec', 'date', 'big', 'flt', 'tz', 'd2s'];
const NESTING_MAX = 2;

class SubqueryGenerator {
  private alias = 0;
  private readonly random: Prng;
  private readonly tables: readonly Table[];
  constructor(random: Prng, tables: readonly Table[]) {
    this.random = random;
    this.tables = tables;
  }

  query(): Query {
    const from = this.from([], 0, true);
    const where = this.some(0, 2, () => optional(' and (', this.condition(from.columns, [], 1), ')'));
    const grouped = this.chance(0.2);
    const key = this.pick(from.columns);
    const count = this.random.int(1, 3);
    const types = Array.from({ length: count }, () => this.random.pick(['int', 'bool', 'bool', 'int', 'str', 'dec']));
    const columns = grouped ? [key] : from.columns;
    const items = types.map((t) => this.item(t, columns, 1));
    const first = grouped ? ', count(*)' : '';
    const tail: Piece[] = grouped
      ? [' group by ', key.text, optional(' having ', this.having(key, from.columns))]
      : [];
    const tree = node(
      'query',
      'select ',
      key.text,
      first,
      ...items.flatMap((i) => [', ', i]),
      ' from ',
      from.tree,
      ' where true',
      ...where,
      ...tail,
    );
    return { tree, types: [key.type, ...(grouped ? ['int'] : []), ...types], ordered: false };
  }

  private chance(p: number): boolean {
    return this.random.float() < p;
  }
  private pick<T>(list: readonly T[]): T {
    return this.random.pick(list);
  }
  private some<T>(low: number, high: number, make: () => T): T[] {
    return Array.from({ length: this.random.int(low, high) }, make);
  }
  private column(type: string, columns: readonly Ref[]): Node {
    const own = columns.filter((c) => c.type === type);
    return own.length > 0 && this.chance(0.9) ? node(type, this.pick(own).text) : constant(this.random, type);
  }
  private value(type: string, columns: readonly Ref[]): Node {
    if (type !== 'int' || this.chance(0.75)) return this.column(type, columns);
    return this.pick([
      () =>
        node(
          'int',
          '(',
          this.column('int', columns),
          this.pick([' + ', ' - ', ' * ']),
          this.column('int', columns),
          ')',
        ),
      () => node('int', 'coalesce(', this.column('int', columns), ', ', constant(this.random, 'int'), ')'),
    ])();
  }

  /** One to three tables, derived tables in them; those of a subquery may correlate inside. */
  private from(outer: readonly Ref[], depth: number, top = false): Block {
    let { tree, columns } = this.source(outer, depth);
    for (const _ of Array.from({ length: this.pick(top ? [0, 0, 1] : [0, 0, 0, 0, 1]) })) {
      const next = this.source([], depth);
      const kind = this.pick(['join', 'left join', 'right join', 'cross join']);
      const on = kind === 'cross join' ? [] : [' on ', this.comparison(columns, next.columns)];
      tree = node('', '(', tree, ` ${kind} `, next.tree, ...on, ')');
      columns = [...columns, ...next.columns];
    }
    return { tree, columns };
  }
  private source(outer: readonly Ref[], depth: number): Block {
    const alias = `x${this.alias++}`;
    const table = this.pick(this.tables);
    if (depth >= NESTING_MAX || !this.chance(0.2))
      return {
        tree: node('', `${table.name} ${alias}`),
        columns: table.columns
          .map((c) => ({ text: `${alias}.${c.name}`, type: c.type }))
          .filter((c) => c.type !== 'bool'),
      };
    const types = this.some(1, 3, () => this.pick(TYPES));
    return {
      tree: node('', '(', this.rows(types, outer, depth + 1), `) ${alias}`),
      columns: types.map((type, i) => ({ text: `${alias}.c${i}`, type })),
    };
  }
  /** A query with the given column types. */
  private rows(types: readonly string[], outer: readonly Ref[], depth: number): Node {
    if (this.chance(0.15)) {
      const op = this.pick([' union all ', ' union ', ' intersect ', ' except ']);
      return node('', this.plainRows(types, outer, depth), op, this.plainRows(types, outer, depth));
    }
    if (this.chance(0.15)) return this.groupedRows(types, outer, depth);
    return this.plainRows(types, outer, depth);
  }
  private plainRows(types: readonly string[], outer: readonly Ref[], depth: number): Node {
    const from = this.from(outer, depth);
    const both = outer.length > 0 && this.chance(0.1) ? [...from.columns, ...outer] : from.columns;
    const items = types.flatMap((t, i): Piece[] => [i === 0 ? '' : ', ', this.value(t, both), ` as c${i}`]);
    return node(
      '',
      'select ',
      ...(this.chance(0.15) ? [optional('distinct ')] : []),
      ...items,
      ...this.tail(from, outer, depth),
    );
  }
  private groupedRows(types: readonly string[], outer: readonly Ref[], depth: number): Node {
    const from = this.from(outer, depth);
    const key = this.pick(from.columns);
    const items = types.flatMap((t, i): Piece[] => [
      i === 0 ? '' : ', ',
      this.pick(['min(', 'max(']),
      this.column(t, from.columns),
      `) as c${i}`,
    ]);
    const having = optional(
      ' having min(',
      key.text,
      ') ',
      this.pick(COMPARISONS),
      ' ',
      this.column(key.type, [key]),
    );
    return node(
      '',
      'select ',
      ...items,
      ...this.tail(from, outer, depth),
      ' group by ',
      key.text,
      ...(this.chance(0.3) ? [having] : []),
    );
  }
  private tail(from: Block, outer: readonly Ref[], depth: number): Piece[] {
    return [' from ', from.tree, ' where true', ...this.where(from.columns, outer, depth)];
  }
  private where(columns: readonly Ref[], outer: readonly Ref[], depth: number): Piece[] {
    const out: Piece[] = [];
    if (outer.length > 0 && this.chance(0.9)) out.push(optional(' and ', this.correlation(columns, outer)));
    if (outer.length > 0 && this.chance(0.3)) out.push(optional(' and ', this.correlation(columns, outer)));
    if (this.chance(0.4)) out.push(optional(' and ', this.filter(columns)));
    if (depth < NESTING_MAX && this.chance(0.2))
      out.push(optional(' and (', this.condition(columns, [], depth + 1), ')'));
    return out;
  }
  private filter(columns: readonly Ref[]): Node {
    const c = this.pick(columns);
    return this.pick([
      () => node('bool', c.text, ` ${this.pick(COMPARISONS)} `, constant(this.random, c.type)),
      () => node('bool', c.text, this.pick([' is null', ' is not null'])),
    ])();
  }
  private comparison(left: readonly Ref[], right: readonly Ref[]): Node {
    const pairs = comparablePairs(this.random, left, right);
    if (pairs.length === 0) return this.filter(this.chance(0.5) ? left : right);
    const [l, r] = this.pick(pairs);
    return node('bool', r.text, ` ${this.pick(COMPARISONS)} `, l.text);
  }
  private correlation(columns: readonly Ref[], outer: readonly Ref[]): Node {
    const one = (): Node => this.comparison(outer, columns);
    const shared = one();
    return this.pick([
      one,
      one,
      one,
      () => node('bool', '(', one(), ' or ', one(), ')'),
      () => node('bool', '((', shared, ' and ', this.filter(columns), ') or (', shared, ' and ', one(), '))'),
      () => node('bool', '(', one(), ' or ', this.pick(columns).text, ' is null)'),
      () =>
        node(
          'bool',
          '(',
          this.column('int', columns),
          ' + ',
          this.column('int', outer),
          this.pick([' = ', ' > ']),
          constant(this.random, 'int'),
          ')',
        ),
      () => this.filter(outer),
    ])();
  }

  private scalar(type: string, columns: readonly Ref[], depth: number): Node {
    const from = this.from(columns, depth);
    const arg = this.value(type, from.columns);
    const aggregate =
      type === 'int'
        ? this.pick([
            () => node('', 'count(*)'),
            () => node('', 'count(', this.pick(['', 'distinct ']), this.pick(from.columns).text, ')'),
            () => node('', 'sum(', arg, ')'),
            () => node('', 'max(', arg, ') - min(', arg, ')'),
            () => node('', 'count(*) + coalesce(min(', arg, '), 0)'),
          ])()
        : node('', this.pick(['min(', 'max(']), arg, ')');
    const having = this.chance(0.15)
      ? [optional(` having count(*) ${this.pick(['>', '<>', '='])} ${this.random.int(0, 3)}`)]
      : [];
    return node(type, '(select ', aggregate, ...this.tail(from, columns, depth), ...having, ')');
  }
  private exists(columns: readonly Ref[], depth: number): Node {
    const body = this.chance(0.1)
      ? node(
          '',
          'select count(*)',
          ...this.tail(this.from(columns, depth), columns, depth),
          optional(' having count(*) > 1'),
        )
      : this.rows(['int'], columns, depth);
    return node('bool', this.pick(['exists (', 'not exists (']), body, ')');
  }
  private inside(columns: readonly Ref[], depth: number): Node {
    const outer = this.chance(0.7) ? columns : [];
    if (this.chance(0.25)) {
      const types = [this.pick(TYPES), 'int'];
      const row = types.map((t) => this.value(t, columns));
      return node(
        'bool',
        '(',
        row[0]!,
        ', ',
        row[1]!,
        ')',
        this.pick([' in (', ' not in (']),
        this.rows(types, outer, depth),
        ')',
      );
    }
    const type = this.pick(TYPES);
    const how = this.pick([' in (', ' in (', ' not in (', ' not in (', ' = any (', ' = some (', ' <> all (']);
    return node('bool', this.value(type, columns), how, this.rows([type], outer, depth), ')');
  }
  /** Rows of values compared with others, and with lists of rows. */
  private rowValues(columns: readonly Ref[]): Node {
    const types = Array.from({ length: this.random.int(2, 3) }, () => this.pick(TYPES));
    const row = (of: (t: string) => Node): Node =>
      node('', '(', ...types.flatMap((t, i): Piece[] => [i === 0 ? '' : ', ', of(t)]), ')');
    const values = (): Node => row((t) => this.value(t, columns));
    if (this.chance(0.5)) return node('bool', values(), ` ${this.pick(COMPARISONS)} `, values());
    const constants = (): Node => row((t) => constant(this.random, t));
    const rows = this.some(1, 4, () => (this.chance(0.8) ? constants() : values()));
    const list = rows.flatMap((r, i): Piece[] => [i === 0 ? '' : ', ', r]);
    return node('bool', values(), this.pick([' in (', ' not in (']), ...list, ')');
  }
  private rowCompare(columns: readonly Ref[], depth: number): Node {
    const from = this.from(columns, depth);
    const [a, b] = [this.column('int', from.columns), this.column('str', from.columns)];
    const row = node('', '(', this.column('int', columns), ', ', this.column('str', columns), ')');
    return node(
      'bool',
      row,
      this.pick([' = ', ' <> ']),
      '(select min(',
      a,
      '), max(',
      b,
      ')',
      ...this.tail(from, columns, depth),
      ')',
    );
  }

  private condition(columns: readonly Ref[], outer: readonly Ref[], depth: number): Node {
    const type = this.pick(TYPES);
    const c = (): Node => this.condition(columns, outer, depth + 1);
    const leaf = [
      () => this.exists(columns, depth),
      () => this.exists(columns, depth),
      () => this.inside(columns, depth),
      () => this.inside(columns, depth),
      () => this.rowCompare(columns, depth),
      () => this.rowValues(columns),
      () => node('bool', this.value(type, columns), ` ${this.pick(COMPARISONS)} `, this.scalar(type, columns, depth)),
      () => this.filter(columns),
    ];
    if (depth >= NESTING_MAX) return this.pick(leaf)();
    return this.pick([
      ...leaf,
      () => node('bool', '(', c(), ' or ', c(), ')'),
      () => node('bool', '(', c(), ' and ', c(), ')'),
      () => node('bool', 'not (', c(), ')'),
      () => node('bool', '(', c(), ')', this.pick([' is true', ' is not true', ' is unknown', ' is not false'])),
    ])();
  }
  private item(type: string, columns: readonly Ref[], depth: number): Node {
    if (type === 'bool') return this.condition(columns, [], depth);
    return this.pick([
      () => this.scalar(type, columns, depth),
      () => this.scalar(type, columns, depth),
      () => node(type, 'coalesce(', this.scalar(type, columns, depth), ', ', constant(this.random, type), ')'),
      () =>
        node(
          type,
          'case when ',
          this.condition(columns, [], depth),
          ' then ',
          this.value(type, columns),
          ' else ',
          this.scalar(type, columns, depth),
          ' end',
        ),
    ])();
  }
  private having(key: Ref, columns: readonly Ref[]): Node {
    return this.pick([
      () => this.condition([key], [], 1),
      () => node('bool', 'count(*) ', this.pick(COMPARISONS), ' ', this.scalar('int', [key], 1)),
      () => node('bool', 'max(', this.column('int', columns), ') in (', this.plainRows(['int'], [key], 1), ')'),
    ])();
  }
}

export const subqueries: Kind = {
  name: 'subqueries',
  about: 'queries full of subqueries',
  tables: anyTables,
  queries: (random, tables) => {
    const generator = new SubqueryGenerator(random, tables);
    return () => generator.query();
  },
};
