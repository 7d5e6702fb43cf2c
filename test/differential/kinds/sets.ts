/**
 * Chains of UNION, UNION ALL, INTERSECT, EXCEPT and MINUS, with and without parentheses, so that precedence counts; over types of
 * one family, NULLs, ordered and cut arms; alone, in FROM, under IN and EXISTS.
 */
import type { Prng } from '../../../src/common/prng.ts';
import { chance, orderByAll, some } from '../draw.ts';
import { ALL_TYPES, Generator } from '../generator.ts';
import { anyTables, type Kind, type Query } from '../kind.ts';
import { node, optional, type Node, type Piece } from '../tree.ts';

const OPERATORS: readonly Piece[] = [
  ' union all ',
  ' union ',
  ' union ',
  ' intersect ',
  ' except ',
  [' minus ', ' except '],
];
/** What stands beside a type in another arm, the result being of the wider one. */
const NARROWER: Readonly<Record<string, readonly string[]>> = { dec: ['int'], flt: ['int'], big: ['int'] };

class SetGenerator {
  private alias = 0;
  constructor(
    private readonly random: Prng,
    private readonly generator: Generator,
  ) {}

  query(): Query {
    const { random } = this;
    const types = some(random, 1, 3, () => random.pick(ALL_TYPES));
    const ordered = chance(random, 0.4);
    const around = random.float();
    if (around < 0.2) return this.grouped(types);
    if (around < 0.35) return this.inside(types[0]!);
    const order = ordered ? [orderByAll(random, types.length)] : [];
    const limit = ordered && chance(random, 0.4) ? [optional(` limit ${random.pick([0, 1, 4, 1000])}`)] : [];
    return { tree: node('query', this.chain(types, 2), ...order, ...limit), types, ordered };
  }
  private chain(types: readonly string[], depth: number): Node {
    const { random } = this;
    const arms = random.int(2, 4);
    const pieces: Piece[] = [this.arm(types, types, depth)];
    for (let i = 1; i < arms; i++) {
      const own = types.map((t) => (chance(random, 0.2) ? random.pick([t, ...(NARROWER[t] ?? [])]) : t));
      pieces.push(random.pick(OPERATORS), this.arm(own, types, depth));
    }
    return node('', ...pieces);
  }
  private arm(own: readonly string[], types: readonly string[], depth: number): Node {
    const { random, generator } = this;
    const dice = random.float();
    if (depth > 0 && dice < 0.25) return node('', '(', this.chain(types, depth - 1), ')');
    if (dice < 0.35) {
      const order = orderByAll(random, own.length);
      const cut = ` limit ${random.int(0, 6)}`;
      return node('', 'select * from (', generator.select(own, [], 0), order, cut, `) l${this.alias++}`);
    }
    if (dice < 0.42)
      return node(
        '',
        'select ',
        own
          .flatMap((t, i): Piece[] => [i === 0 ? '' : ', ', generator.constant(t)])
          .reduce<Node>((n, p) => node('', n, p), node('')),
      );
    return generator.select(own, [], random.pick([0, 0, 1]));
  }
  /** Arms' columns are called as the first one's, which a constant's are not. */
  private named(types: readonly string[]): Node {
    const first = this.generator.select(types, [], 0);
    return node('', first, this.random.pick(OPERATORS), this.chain(types, 1));
  }
  private grouped(types: readonly string[]): Query {
    return {
      tree: node('query', 'select q.c0, count(*) from (', this.named(types), ') q group by q.c0'),
      types: [types[0]!, 'int'],
      ordered: false,
    };
  }
  private inside(type: string): Query {
    const { random, generator } = this;
    const from = generator.from(1);
    const column = from.columns.find((c) => c.type === type);
    const value = column === undefined ? generator.constant(type) : node(type, column.text);
    const test = chance(random, 0.7)
      ? node('bool', value, random.pick([' in (', ' not in (']), this.named([type]), ')')
      : node('bool', random.pick(['exists (', 'not exists (']), this.named([type]), ')');
    return {
      tree: node(
        'query',
        'select ',
        value,
        ', count(*) from ',
        from.tree,
        ' where ',
        test,
        ' group by ',
        column?.text ?? '()',
      ),
      types: [type, 'int'],
      ordered: false,
    };
  }
}

export const sets: Kind = {
  name: 'sets',
  about: 'chains of set operations',
  tables: anyTables,
  queries: (random, tables) => {
    const generator = new SetGenerator(random, new Generator(random, tables));
    return () => generator.query();
  },
};
