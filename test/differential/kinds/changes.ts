/**
 * Changes of tables: INSERT, UPDATE and DELETE, with other tables and subqueries, MERGE in all its forms; alone and in transactions.
 * Values are plain columns and constants, so that they fit their target in both engines; where several rows match one, what
 * is set does not hang on which.
 */
import type { Prng } from '../../../src/common/prng.ts';
import { chance, someOf } from '../draw.ts';
import { comparablePairs, Generator, type Ref, type Scope } from '../generator.ts';
import { anyTables, type Kind } from '../kind.ts';
import { CAST, valueOf, type Column, type Table } from '../schema.ts';
import { node, optional, type Node, type Piece } from '../tree.ts';

const refs = (t: Table, alias: string): Ref[] => t.columns.map((c) => ({ text: `${alias}.${c.name}`, type: c.type }));
const commas = (nodes: readonly Node[]): Piece[] => nodes.flatMap((n, i) => [i === 0 ? '' : ', ', n]);

class ChangeGenerator {
  private readonly generator: Generator;
  constructor(
    private readonly random: Prng,
    private readonly tables: readonly Table[],
  ) {
    this.generator = new Generator(random, tables);
  }

  change(table: Table): Node {
    const { random } = this;
    const source = random.pick(this.tables);
    const own = refs(table, table.name);
    const pairs = comparablePairs(random, own, refs(source, 's'));
    const kinds = [
      () => this.insert(table, source),
      () => this.update(table),
      () => node('', `delete from ${table.name}`, this.where({ columns: own, outer: [], plain: false })),
      ...(pairs.length === 0
        ? []
        : [
            () => this.updateFrom(table, source, random.pick(pairs)),
            () => this.deleteUsing(table, source, random.pick(pairs)),
          ]),
      ...(source === table ? [] : [() => this.merge(table, source), () => this.merge(table, source)]),
    ];
    return random.pick(kinds)();
  }
  private where(scope: Scope): Node {
    return node('', ' where ', this.generator.condition(scope, 1));
  }
  private insert(table: Table, source: Table): Node {
    const columns = refs(source, 's');
    const values = table.columns.map((c) => this.value(c, columns));
    const scope: Scope = { columns, outer: [], plain: true };
    return node(
      '',
      `insert into ${table.name} select `,
      ...commas(values),
      ` from ${source.name} s`,
      this.where(scope),
    );
  }
  private update(table: Table): Node {
    const own = refs(table, table.name);
    const sets = someOf(this.random, table.columns).map((c) => this.set(c, own));
    return node(
      '',
      `update ${table.name} set `,
      ...commas(sets),
      this.where({ columns: own, outer: [], plain: false }),
    );
  }
  private set(column: Column, from: readonly Ref[]): Node {
    return node('', `${column.name} = `, this.value(column, from));
  }
  private updateFrom(table: Table, source: Table, [a, b]: readonly [Ref, Ref]): Node {
    const { random } = this;
    const own = refs(table, table.name);
    if (chance(random, 0.4)) {
      // One row of the source a key: its values may be set.
      const key = b.text.slice(2);
      const other = random.pick(source.columns);
      const alone: readonly Ref[] = other.type === 'bool' ? own : [...own, { text: 's.m', type: other.type }];
      const unique = `(select ${key} as k, ${other.type === 'bool' ? `count(${other.name})` : `max(${other.name})`} as m from ${source.name} group by ${key}) s`;
      const sets = someOf(random, table.columns).map((c) => this.set(c, alone));
      const scope: Scope = { columns: alone, outer: [], plain: true };
      return node(
        '',
        `update ${table.name} set `,
        ...commas(sets),
        ` from ${unique} where ${a.text} = s.k`,
        optional(' and (', this.generator.condition(scope, 1), ')'),
      );
    }
    const sets = someOf(random, table.columns).map((c) => this.set(c, own));
    const both: Scope = { columns: [...own, ...refs(source, 's')], outer: [], plain: true };
    return node(
      '',
      `update ${table.name} set `,
      ...commas(sets),
      ` from ${source.name} s where ${a.text} = ${b.text} and (`,
      this.generator.condition(both, 1),
      ')',
    );
  }
  private deleteUsing(table: Table, source: Table, [a, b]: readonly [Ref, Ref]): Node {
    const both: Scope = { columns: [...refs(table, table.name), ...refs(source, 's')], outer: [], plain: true };
    return node(
      '',
      `delete from ${table.name} using ${source.name} s where ${a.text} = ${b.text} and (`,
      this.generator.condition(both, 1),
      ')',
    );
  }

  /** Sources with one row a key, so that most target rows match at most one; the table itself at times, so that some match more. */
  private merge(table: Table, source: Table): Node {
    const { random } = this;
    const own = refs(table, table.name);
    const key = random.pick(source.columns);
    const many = chance(random, 0.15);
    const mins = source.columns.filter((c) => c !== key && c.type !== 'bool');
    const given = many ? source.columns : [key, ...mins];
    const others = given.map((c) => ({ text: `s.${c.name}`, type: c.type }));
    const from = many
      ? `${source.name} s`
      : `(select ${[key.name, ...mins.map((c) => `min(${c.name}) as ${c.name}`)].join(', ')} from ${source.name} group by ${key.name}) s`;
    const same = own.filter((a) => a.type === key.type);
    const on: Piece[] = [same.length === 0 ? 'false' : `${random.pick(same).text} = s.${key.name}`];
    if (chance(random, 0.25))
      on.push(
        optional(
          ' and (',
          this.generator.condition({ columns: [...own, ...others], outer: [], plain: true }, 1),
          ')',
        ),
      );
    const matched = chance(random, 0.3)
      ? node('', 'delete')
      : node(
          '',
          'update set ',
          ...commas(someOf(random, table.columns).map((c) => this.set(c, [...own, ...others]))),
        );
    const columns = chance(random, 0.5) ? table.columns : someOf(random, table.columns);
    const names =
      columns === table.columns && chance(random, 0.5) ? '' : ` (${columns.map((c) => c.name).join(', ')})`;
    return node(
      '',
      `merge into ${table.name} using ${from} on (`,
      ...on,
      ') when matched then ',
      matched,
      ` when not matched then insert${names} values (`,
      ...commas(columns.map((c) => this.value(c, others))),
      ')',
    );
  }

  private value(column: Column, from: readonly Ref[]): Node {
    const same = from.filter((c) => c.type === column.type);
    const isPlain = column.type !== 'str' && column.type !== 'dec' && column.ours !== 'smallint';
    if (isPlain && same.length > 0 && this.random.float() < 0.6) {
      return node(column.type, this.random.pick(same).text);
    }
    const cast = column.type === 'str' || column.type === 'flt' ? undefined : CAST[column.type];
    const text = valueOf(this.random, column);
    return cast === undefined ? node(column.type, text) : node(column.type, text, cast);
  }
}

export const changes: Kind = {
  name: 'changes',
  about: 'changes',
  tables: anyTables,
  changes: (random, tables) => {
    const generator = new ChangeGenerator(random, tables);
    return (table) => generator.change(table);
  },
};
