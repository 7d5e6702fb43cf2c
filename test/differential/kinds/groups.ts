/**
 * Groups over joins: GROUPING SETS, ROLLUP and CUBE beside plain keys and inside one another, lists as one, GROUP BY ALL, GROUPING
 * of any of them; many aggregates, DISTINCT ones among them, HAVING and ORDER BY over both, and queries around the groups.
 */
import type { Prng } from '../../../src/common/prng.ts';
import { chance, joined, orderByAll, shuffled, some, someOf } from '../draw.ts';
import { ALL_TYPES, COMPARISONS, Generator, type Ref, type Scope } from '../generator.ts';
import { anyTables, type Kind, type Query } from '../kind.ts';
import type { Table } from '../schema.ts';
import { node, optional, render, type Node, type Piece } from '../tree.ts';

interface Item {
  readonly tree: Node;
  readonly type: string;
}
/** A grouped query whose columns are c0, c1 ... */
interface Grouped {
  readonly tree: Node;
  readonly types: readonly string[];
}
/** Sets of one GROUP BY are few, as each costs the oracle a sort. */
const SETS_MAX = 32;

class GroupGenerator {
  constructor(
    private readonly random: Prng,
    private readonly generator: Generator,
  ) {}

  query(): Query {
    const { random } = this;
    const inner = this.grouped();
    const { tree, types } = random.pick([
      () => inner,
      () => inner,
      () => this.around(inner),
      () => this.ranked(inner),
      () => this.beside(inner),
    ])();
    const ordered = chance(random, 0.5);
    const order = ordered ? [orderByAll(random, types.length)] : [];
    const limit = ordered && chance(random, 0.3) ? [optional(` limit ${random.pick([0, 1, 5, 100])}`)] : [];
    return { tree: node('query', tree, ...order, ...limit), types, ordered };
  }

  private grouped(): Grouped {
    const { random, generator } = this;
    const from = generator.from(random.pick([0, 1, 1]));
    const scope: Scope = { columns: from.columns, outer: [], plain: true };
    const keys = this.keys(scope);
    const [clause, distinctKeys] = this.clause(keys);
    const items = some(random, 1, 6, () => this.item(distinctKeys, scope));
    const where = some(random, 0, 2, () => optional(' and (', generator.condition(scope, 1), ')'));
    const having = chance(random, 0.35) ? [optional(' having ', this.having(distinctKeys, scope))] : [];
    const plain = items.filter((i) => distinctKeys.some((k) => k.tree === i.tree));
    // GROUP BY ALL: PostgreSQL 15 has none, so there its items are listed.
    const all = clause === undefined;
    const listed = plain.filter((p, i) => plain.findIndex((q) => q.tree === p.tree) === i);
    const theirs = listed.length === 0 ? '' : ` group by ${listed.map((p) => render(p.tree, 'oracle')).join(', ')}`;
    const groupBy: readonly Piece[] = all ? [[' group by all', theirs]] : clause;
    const select = all ? items.filter((i) => plain.includes(i) || !/grouping/.test(render(i.tree, 'ours'))) : items;
    const shown = select.length === 0 ? [{ tree: node('int', 'count(*)'), type: 'int' }] : select;
    return {
      tree: node(
        '',
        'select ',
        ...joined(
          shown.map((i, n) => node('', i.tree, ` as c${n}`)),
          ', ',
        ),
        ' from ',
        from.tree,
        ' where true',
        ...where,
        ...groupBy,
        ...(all ? [] : having),
      ),
      types: shown.map((i) => i.type),
    };
  }
  /** Columns, and some expressions over one. Keys are not made smaller: a constant in their place would be an ordinal. */
  private keys(scope: Scope): Item[] {
    const { random } = this;
    const columns = shuffled(random, scope.columns).slice(0, random.int(1, 4));
    return columns.map((c) => {
      const tree = chance(random, 0.25) ? this.overColumn(c) : node('', c.text);
      return { tree: { ...tree, type: '' }, type: c.type };
    });
  }
  private overColumn({ text, type }: Ref): Node {
    switch (type) {
      case 'int':
        return node('', `(${text} ${this.random.pick(['+ 1', '* 2', '% 3'])})`);
      case 'str':
        return node('', `upper(${text})`, ['', '::bpchar']);
      case 'ts':
        return node('', `date_trunc('day', ${text})`);
      case 'date':
        return node('', `(${text} + 1)`);
      default:
        return node('', `coalesce(${text}, ${text})`);
    }
  }
  /** GROUP BY with its words, and the keys that may be asked for; no words are GROUP BY ALL. */
  private clause(keys: readonly Item[]): readonly [Piece[] | undefined, readonly Item[]] {
    const { random } = this;
    const form = random.float();
    if (form < 0.1) return [undefined, keys];
    if (form < 0.25) return [[' group by ', ...this.list(keys)], keys];
    if (form < 0.3) return [[' group by ()'], []];
    for (;;) {
      const cut = chance(random, 0.35) ? random.int(0, keys.length - 1) : 0;
      const [plain, rest] = [keys.slice(0, cut), keys.slice(cut)];
      const split = rest.length > 1 && chance(random, 0.2) ? random.int(1, rest.length - 1) : rest.length;
      const parts = [rest.slice(0, split), rest.slice(split)]
        .filter((p) => p.length > 0)
        .map((p) => this.extension(p));
      if (parts.reduce((n, [, sets]) => n * sets, 1) > SETS_MAX) continue;
      const all: Piece[] = [...plain.map((k) => k.tree), ...parts.map(([tree]) => tree)];
      return [[' group by ', ...joined(shuffled(random, all), ', ')], keys];
    }
  }
  private list(keys: readonly Item[]): Piece[] {
    return joined(
      keys.map((k) => k.tree),
      ', ',
    );
  }
  /** ROLLUP, CUBE or GROUPING SETS of the keys, and how many sets they are. */
  private extension(keys: readonly Item[]): readonly [Node, number] {
    const { random } = this;
    const word = random.pick(['rollup', 'rollup', 'cube', 'grouping sets', 'grouping sets']);
    if (word !== 'grouping sets') {
      const parts = this.elements(keys);
      const sets = word === 'rollup' ? parts.length + 1 : 2 ** parts.length;
      return [node('', `${word}(`, ...joined(parts, ', '), ')'), sets];
    }
    let sets = 0;
    const members = some(random, 1, 4, (): Piece => {
      const own = someOf(random, keys, 0);
      const nested = own.length > 0 && chance(random, 0.25) ? this.extension(own) : undefined;
      sets += nested?.[1] ?? 1;
      return nested?.[0] ?? node('', '(', ...this.list(own), ')');
    });
    return [
      node('', 'grouping sets (', ...joined([...members, node('', '(', ...this.list(keys), ')')], ', '), ')'),
      sets + 1,
    ];
  }
  /** The keys one by one, sometimes two as one. */
  private elements(keys: readonly Item[]): Piece[] {
    if (keys.length < 2 || chance(this.random, 0.7)) return keys.map((k) => k.tree);
    return [node('', '(', keys[0]!.tree, ', ', keys[1]!.tree, ')'), ...keys.slice(2).map((k) => k.tree)];
  }
  private grouping(keys: readonly Item[]): Node {
    const asked = shuffled(this.random, someOf(this.random, keys));
    const args = this.list(asked);
    const name = chance(this.random, 0.2) ? (['grouping_id(', 'grouping('] as const) : 'grouping(';
    return node('int', name, ...args, ')');
  }
  private item(keys: readonly Item[], scope: Scope): Item {
    const { random, generator } = this;
    const dice = random.float();
    if (keys.length > 0 && dice < 0.35) return random.pick(keys);
    if (keys.length > 0 && dice < 0.5) return { tree: this.grouping(keys), type: 'int' };
    if (keys.length > 0 && dice < 0.58) {
      const key = random.pick(keys);
      const when = node('bool', this.grouping(keys), random.pick([' = 0', ' = 1', ' > 1']));
      return { tree: node(key.type, 'case when ', when, ' then ', key.tree, ' end'), type: key.type };
    }
    if (dice < 0.72) return { tree: this.distinct(scope), type: 'int' };
    const type = random.pick(ALL_TYPES);
    // Nothing is computed from these, so they may be as large as they get.
    const wide = scope.columns.find((c) => c.type === 'big');
    if (type === 'big' && wide !== undefined) return { tree: node('dec', `sum(${wide.text})`), type: 'dec' };
    return { tree: generator.aggregate(type, scope), type };
  }
  private distinct(scope: Scope): Node {
    const { random, generator } = this;
    const ints = scope.columns.filter((c) => c.type === 'int').map((c) => c.text);
    const any = (): Node => node('', random.pick(scope.columns).text);
    const int = (): Piece => (ints.length > 0 ? random.pick(ints) : generator.constant('int'));
    return random.pick([
      () => node('int', 'count(distinct ', any(), ')'),
      () => node('int', 'count(distinct ', any(), ')'),
      () => node('int', 'sum(distinct ', int(), ')'),
      () => node('int', ['avg(distinct ', 'trunc(avg(distinct '], int(), [')', '))']),
      () => node('int', 'max(distinct ', int(), ')'),
      () => node('int', 'sum(distinct ', int(), ' + 1) + count(*)'),
    ])();
  }
  private having(keys: readonly Item[], scope: Scope): Node {
    const { random, generator } = this;
    const one = (): Node => {
      const dice = random.float();
      if (keys.length > 0 && dice < 0.35)
        return node('bool', this.grouping(keys), ` ${random.pick(COMPARISONS)} `, String(random.int(0, 3)));
      if (keys.length > 0 && dice < 0.55)
        return node('bool', random.pick(keys).tree, random.pick([' is null', ' is not null']));
      const type = random.pick(['int', 'dec', 'str', 'date']);
      return node(
        'bool',
        generator.aggregate(type, scope),
        ` ${random.pick(COMPARISONS)} `,
        generator.constant(type),
      );
    };
    return chance(random, 0.3) ? node('bool', '(', one(), random.pick([' and ', ' or ']), one(), ')') : one();
  }

  private derived(inner: Grouped): readonly Ref[] {
    return inner.types.map((type, i) => ({ text: `g.c${i}`, type }));
  }
  /** A query over the groups. */
  private around(inner: Grouped): Grouped {
    const { random, generator } = this;
    const columns = this.derived(inner);
    const scope: Scope = { columns, outer: [], plain: true };
    const where = [optional(' where ', generator.condition(scope, 1))];
    const items = columns.map((c) => node('', c.text));
    if (chance(random, 0.5)) {
      return {
        tree: node('', 'select ', ...joined(items, ', '), ' from (', inner.tree, ') g', ...where),
        types: inner.types,
      };
    }
    const key = random.pick(columns);
    return {
      tree: node(
        '',
        `select ${key.text} as k, count(*) as n from (`,
        inner.tree,
        ') g',
        ...where,
        ` group by ${key.text}`,
      ),
      types: [key.type, 'int'],
    };
  }
  /** Windows over the groups: what they give hangs on no order of ties. */
  private ranked(inner: Grouped): Grouped {
    const { random } = this;
    const columns = this.derived(inner);
    const [a, b] = [random.pick(columns), random.pick(columns)];
    const over = `over (${chance(random, 0.5) ? `partition by ${a.text} ` : ''}order by ${b.text}${random.pick(['', ' desc'])})`;
    return {
      tree: node(
        '',
        `select ${columns.map((c) => c.text).join(', ')}, rank() ${over} as r from (`,
        inner.tree,
        ') g',
      ),
      types: [...inner.types, 'int'],
    };
  }
  /** The groups joined with others. */
  private beside(inner: Grouped): Grouped {
    const { random } = this;
    const other = this.grouped();
    const pairs = inner.types.flatMap((t, i) => other.types.flatMap((u, k) => (t === u ? [[i, k] as const] : [])));
    if (pairs.length === 0) return inner;
    const [i, k] = random.pick(pairs);
    const join = random.pick(['join', 'left join', 'full join']);
    return {
      tree: node(
        '',
        `select g.c${i} as a, h.c${k} as b, count(*) as n from (`,
        inner.tree,
        `) g ${join} (`,
        other.tree,
        `) h on g.c${i} = h.c${k} group by 1, 2`,
      ),
      types: [inner.types[i]!, other.types[k]!, 'int'],
    };
  }
}

export const groups: Kind = {
  name: 'groups',
  about: 'groups and grouping sets',
  tables: anyTables,
  queries: (random, tables: readonly Table[]) => {
    const generator = new GroupGenerator(random, new Generator(random, tables));
    return () => generator.query();
  },
};
