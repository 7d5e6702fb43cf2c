/**
 * Names of select items used by later items, in WHERE, GROUP BY and ORDER BY, against the items' own text in their place: over
 * plain items, aggregates and windows; a column of FROM that has the name goes before.
 */
import type { Prng } from '../../../src/common/prng.ts';
import { chance, some } from '../draw.ts';
import { Generator, type Ref, type Scope } from '../generator.ts';
import { anyTables, type Kind, type Query, type Source } from '../kind.ts';
import { node, optional, render, type Node, type Piece } from '../tree.ts';

/** An item with its name: what it is called by later, in both engines' words. */
interface Item {
  readonly name: string;
  readonly type: string;
  readonly ours: string;
  readonly theirs: string;
}
const TYPES = ['int', 'int', 'int', 'str', 'date', 'dec', 'flt', 'bool', 'ts'];

/** What is made of a value that has a name. Sums stay small. */
const USES: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  int: [
    ['# + 1', 'int'],
    ['-#', 'int'],
    ['# % 7', 'int'],
    ['abs(#) + 2', 'int'],
    ['# > 1', 'bool'],
    ['case when # > 0 then # else 0 end', 'int'],
    ['#', 'int'],
    ['coalesce(#, -1)', 'int'],
    ['# is null', 'bool'],
  ],
  str: [
    ['#', 'str'],
    ["# = 'a'", 'bool'],
    ['# is not null', 'bool'],
    ["nullif(#, 'a')", 'str'],
  ],
  date: [
    ['# + 3', 'date'],
    ['#', 'date'],
    ['extract(year from #)::int', 'int'],
    ["# > date '2020-01-01'", 'bool'],
  ],
  dec: [
    ['# + 1', 'dec'],
    ['#', 'dec'],
    ['# > 0.5', 'bool'],
    ['- #', 'dec'],
  ],
  flt: [
    ['# * 2', 'flt'],
    ['#', 'flt'],
    ['# < 1', 'bool'],
  ],
  ts: [
    ['#::date', 'date'],
    ['#', 'ts'],
    ['# is null', 'bool'],
  ],
  bool: [
    ['not #', 'bool'],
    ['#', 'bool'],
    ['#::int', 'int'],
    ['(# is true) = true', 'bool'],
    ['# or # is null', 'bool'],
  ],
};

class AliasGenerator {
  constructor(
    private readonly random: Prng,
    private readonly sources: readonly Source[],
    private readonly generator: Generator,
  ) {}

  query(): Query {
    return this.random.pick([() => this.rows(), () => this.rows(), () => this.groups(), () => this.windows()])();
  }
  /** A single table's columns have names that items may take. */
  private from(): { readonly tree: Node; readonly columns: readonly Ref[]; readonly names: readonly Ref[] } {
    const { random, generator } = this;
    if (chance(random, 0.5)) return { ...generator.from(1), names: [] };
    const source = random.pick(this.sources);
    const columns = source.columns.map((c) => ({ text: `x0.${c.name}`, type: c.type }));
    return { tree: node('', `${source.name} x0`), columns, names: columns };
  }
  private named(i: number, names: readonly Ref[], type: string, [ours, theirs]: readonly [string, string]): Item {
    const taken = names.length > 0 && chance(this.random, 0.15) ? this.random.pick(names) : undefined;
    // A column of the name goes before: later uses are of it.
    if (taken !== undefined) return { name: taken.text.slice(3), type, ours, theirs };
    return { name: `l${i}`, type, ours, theirs };
  }
  /** A use of an earlier item, or nothing when there is none that fits. */
  private use(items: readonly Item[], names: readonly Ref[]): readonly [string, readonly [string, string]] {
    const { random } = this;
    const item = random.pick(items);
    const column = names.find((c) => c.text.slice(3) === item.name);
    const type = column?.type ?? item.type;
    const [text, result] = random.pick(USES[type] ?? [['# is null', 'bool']]);
    const theirs = column === undefined ? `(${item.theirs})` : column.text;
    return [result, [`(${text.replaceAll('#', item.name)})`, `(${text.replaceAll('#', theirs)})`]];
  }
  private more(items: Item[], names: readonly Ref[], count: number): void {
    for (let i = 0; i < count; i++) {
      const [type, texts] = this.use(items, names);
      // Doubled from alias to alias, a text grows too long for the oracle.
      if (texts[1].length > 3000) return;
      items.push(this.named(items.length, names, type, texts));
    }
  }
  private list(items: readonly Item[]): Piece {
    const text = (side: 'ours' | 'theirs'): string => items.map((i) => `${i[side]} as ${i.name}`).join(', ');
    return [text('ours'), text('theirs')];
  }
  private asPair(n: Node): readonly [string, string] {
    return [render(n, 'ours'), render(n, 'oracle')];
  }
  /** Conditions on items, by their names. */
  private tests(items: readonly Item[], names: readonly Ref[], low: number, high: number): readonly Piece[] {
    return some(this.random, low, high, () => {
      for (;;) {
        const [type, texts] = this.use(items, names);
        if (type === 'bool') return optional(' and ', node('bool', texts));
      }
    });
  }
  private order(items: readonly Item[], names: readonly Ref[]): { readonly text: Piece; readonly ordered: boolean } {
    const { random } = this;
    const single = items.filter((i) => items.filter((o) => o.name === i.name).length === 1);
    if (single.length < items.length || names.some((c) => items.some((i) => i.name === c.text.slice(3))))
      return { text: '', ordered: false };
    if (chance(random, 0.5)) return { text: '', ordered: false };
    const way = (): string => random.pick(['', '', ' desc', ' nulls first']);
    return { text: ` order by ${items.map((i) => `${i.name}${way()}`).join(', ')}`, ordered: true };
  }
  private rows(): Query {
    const { random, generator } = this;
    const from = this.from();
    const scope: Scope = { columns: from.columns, outer: [], plain: chance(random, 0.6) };
    const items: Item[] = some(random, 1, 3, (i) => {
      const type = random.pick(TYPES);
      return this.named(i, from.names, type, this.asPair(generator.expr(type, scope, 1)));
    });
    this.more(items, from.names, random.int(1, 4));
    const own = some(random, 0, 1, () => optional(' and (', generator.condition(scope, 1), ')'));
    const tests = this.tests(items, from.names, 0, 2);
    const { text, ordered } = this.order(items, from.names);
    const distinct = chance(random, 0.15) ? 'distinct ' : '';
    const select = [`select ${distinct}`, this.list(items), ' from ', from.tree, ' where true', ...own, ...tests];
    const types = items.map((i) => i.type);
    if (chance(random, 0.2)) {
      const single = items.filter((i) => items.filter((o) => o.name === i.name).length === 1);
      if (single.length > 0) {
        const item = random.pick(single);
        return {
          tree: node('query', `select q.${item.name}, count(*) from (`, ...select, `) q group by 1`),
          types: [item.type, 'int'],
          ordered: false,
        };
      }
    }
    return { tree: node('query', ...select, text), types, ordered };
  }
  /** Keys by their names in GROUP BY, aggregates with names in later items. */
  private groups(): Query {
    const { random, generator } = this;
    const from = this.from();
    const scope: Scope = { columns: from.columns, outer: [], plain: true };
    const keys: Item[] = some(random, 0, 2, (i) => {
      const type = random.pick(TYPES);
      const columns = from.columns.filter((c) => c.type === type);
      // A constant would be no key.
      const c = columns.length === 0 ? random.pick(from.columns) : random.pick(columns);
      const uses = USES[c.type] ?? [['#', c.type]];
      const [text, result] = random.pick(uses);
      const sql = `(${text.replaceAll('#', c.text)})`;
      return { name: `l${i}`, type: result, ours: sql, theirs: sql };
    });
    const items = [...keys];
    for (const type of some(random, 1, 2, () => random.pick(['int', 'dec', 'str', 'date', 'bool'])))
      items.push({
        name: `l${items.length}`,
        type,
        ...this.aggregate(generator.aggregate(type, scope)),
      });
    this.more(items, [], random.int(1, 3));
    const { text, ordered } = this.order(items, []);
    const by = (side: 'ours' | 'theirs'): string => {
      const list = keys.map((k) => (side === 'ours' ? k.name : k.theirs)).join(', ');
      return keys.length === 0 ? '' : ` group by ${list}`;
    };
    return {
      tree: node(
        'query',
        'select ',
        this.list(items),
        ' from ',
        from.tree,
        ' where true',
        ...some(random, 0, 1, () => optional(' and (', generator.condition(scope, 1), ')')),
        ...this.tests(keys.length === 0 ? [] : keys, [], 0, keys.length === 0 ? 0 : 1),
        [by('ours'), by('theirs')],
        text,
      ),
      types: items.map((i) => i.type),
      ordered,
    };
  }
  private aggregate(tree: Node): Pick<Item, 'ours' | 'theirs'> {
    const [ours, theirs] = this.asPair(tree);
    return { ours, theirs };
  }
  /** Windows with names in later items, and over items. */
  private windows(): Query {
    const { random, generator } = this;
    const from = this.from();
    const scope: Scope = { columns: from.columns, outer: [], plain: true };
    const items: Item[] = [];
    const first = random.pick(['int', 'int', 'str', 'date', 'dec']);
    items.push({ name: 'l0', type: first, ...this.aggregate(generator.expr(first, scope, 1)) });
    const [ours, theirs] = ['l0', `(${items[0]!.theirs})`];
    const key = random.pick(from.columns).text;
    const [call, type] = random.pick([
      ['rank() over (order by #)', 'int'],
      ['count(*) over (partition by #)', 'int'],
      ['count(#) over ()', 'int'],
      [`max(#) over (partition by ${key})`, first],
      [`dense_rank() over (partition by ${key} order by # desc)`, 'int'],
    ] as const);
    items.push({ name: 'l1', type, ours: call.replace('#', ours), theirs: call.replace('#', theirs) });
    this.more(items, [], random.int(1, 3));
    const { text, ordered } = this.order(items, []);
    return {
      tree: node(
        'query',
        'select ',
        this.list(items),
        ' from ',
        from.tree,
        ' where true',
        ...some(random, 0, 1, () => optional(' and (', generator.condition(scope, 1), ')')),
        ...this.tests(items.slice(0, 1), [], 0, 1),
        text,
      ),
      types: items.map((i) => i.type),
      ordered,
    };
  }
}

export const lateralAliases: Kind = {
  name: 'lateral-aliases',
  about: 'names of select items in later ones',
  tables: anyTables,
  queries: (random, tables) => {
    const generator = new AliasGenerator(random, tables, new Generator(random, tables));
    return () => generator.query();
  },
};
