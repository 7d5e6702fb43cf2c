/**
 * What the names of one query turned out to mean, by AST node: tables with their columns, columns with the table they
 * come from, aliases of the select list, stars and USING clauses. CREATE VIEW has the analyser fill one in and freezes
 * the query with it (freeze.ts). Nodes inside views that the query reads are not recorded.
 */
import type { ColumnRef } from '../../expressions/relation.ts';
import type { RelationObject } from '../catalog/objects.ts';
import { liveColumns } from '../catalog/objects.ts';
import type { Expr, FrozenRoutine, FrozenTable } from '../parser/ast.ts';
import type { Scope, ScopeTable } from './scope.ts';

export class NameRecorder {
  readonly tables = new Map<object, FrozenTable>();
  readonly columns = new Map<object, readonly string[]>();
  readonly aliases = new Map<object, Expr>();
  readonly stars = new Map<object, readonly (readonly string[])[]>();
  readonly joins = new Map<object, readonly (readonly [readonly string[], readonly string[]])[]>();
  /** Functions of users, by the call. */
  readonly routines = new Map<object, FrozenRoutine>();
  /** False: some column cannot be written as alias.column, so its names must stay as they were written. */
  qualifies = true;

  table(item: object, relation: RelationObject, schema: string, scoped: ScopeTable): void {
    const columns = liveColumns(relation).map((c, i) => ({
      attnum: c.attnum,
      column: c.name,
      name: scoped.columns[i]?.name ?? c.name,
    }));
    this.tables.set(item, { oid: relation.oid, schema, name: relation.name, columns });
  }

  /** alias.column for a column that `scope` or one around it shows; undefined when that would mean something else there. */
  private qualified(scope: Scope, column: ColumnRef): readonly string[] | undefined {
    for (let s: Scope | undefined = scope; s !== undefined; s = s.parent) {
      const owner = s.tables.find((t) => t.columns.some((c) => c.column === column));
      if (owner === undefined) continue;
      const { name } = owner.columns.find((c) => c.column === column)!;
      const unique = owner.columns.filter((c) => c.name === name).length === 1;
      let first: Scope = scope;
      while (!first.tables.some((t) => t.alias === owner.alias)) first = first.parent!;
      const alone = first === s && first.tables.filter((t) => t.alias === owner.alias).length === 1;
      if (unique && alone) return [owner.alias, name];
    }
    this.qualifies = false;
    return undefined;
  }

  /** `path`: what the name says behind the column. */
  column(node: object, scope: Scope, column: ColumnRef, path: readonly string[] = []): void {
    const parts = this.qualified(scope, column);
    if (parts !== undefined) this.columns.set(node, [...parts, ...path]);
  }
  alias(node: object, expr: Expr): void {
    this.aliases.set(node, expr);
  }
  star(node: object, scope: Scope, columns: readonly ColumnRef[]): void {
    const all = columns.map((c) => this.qualified(scope, c));
    if (all.every((p) => p !== undefined)) this.stars.set(node, all);
  }
  using(item: object, scope: Scope, pairs: readonly (readonly [ColumnRef, ColumnRef])[]): void {
    const all = pairs.map(([l, r]) => [this.qualified(scope, l), this.qualified(scope, r)] as const);
    const named = all.flatMap(([l, r]) => (l === undefined || r === undefined ? [] : [[l, r] as const]));
    if (named.length === pairs.length) this.joins.set(item, named);
  }
  /** Something that has no other spelling: a FULL JOIN USING, a join with an alias. */
  fixed(): void {
    this.qualifies = false;
  }
}
