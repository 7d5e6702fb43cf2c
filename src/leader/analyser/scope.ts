/**
 * What names mean in one query: the tables of its FROM clause and the columns that unqualified names and `*` see (JOIN
 * USING shows one copy of a column). Scopes form a chain from a subquery outwards; one link is one subquery expression,
 * which is also how `outer` nodes count their depth.
 */
import {
  ambiguousColumn,
  ambiguousTable,
  featureNotSupported,
  missingFromEntry,
  undefinedColumn,
  undefinedTable,
  unknownColumn,
} from '../../common/errors/catalogue.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { ColumnRef } from '../../expressions/relation.ts';
import { readColumn } from './privileges.ts';

export interface ScopeColumn {
  readonly name: string;
  readonly column: ColumnRef;
}
export interface ScopeTable {
  readonly alias: string;
  /** Only for a table named without an alias: schema.table.column may address it. */
  readonly schema?: string;
  readonly columns: readonly ScopeColumn[];
}
export interface Scope {
  readonly tables: readonly ScopeTable[];
  readonly columns: readonly ScopeColumn[];
  readonly parent: Scope | undefined;
  /** Columns that no table has and * does not show; a table's of the name goes before. */
  readonly pseudo?: readonly ScopeColumn[];
  /** The parent row, in a CONNECT BY. */
  readonly prior?: Scope;
  /** Name of the current database, for four-part names. */
  readonly database: string;
}

export interface FoundColumn {
  readonly column: ColumnRef;
  /** 0 = this query, 1 = the one right outside ... */
  readonly depth: number;
}

export function columnExpr({ column, depth }: FoundColumn, position?: number): BoundExpr {
  const { type, id } = readColumn(column, position);
  return depth === 0 ? { kind: 'column', type, id } : { kind: 'outer', type, id, depth };
}

const byName = new WeakMap<readonly ScopeColumn[], Map<string, ScopeColumn[]>>();
const NONE: readonly ScopeColumn[] = [];

/** The columns of a list that have the name; long statements ask for each of many. */
function columnsNamed(columns: readonly ScopeColumn[], name: string): readonly ScopeColumn[] {
  let named = byName.get(columns);
  if (named === undefined) {
    named = new Map();
    for (const c of columns) {
      const others = named.get(c.name);
      if (others === undefined) named.set(c.name, [c]);
      else others.push(c);
    }
    byName.set(columns, named);
  }
  return named.get(name) ?? NONE;
}

/** Column of this scope alone by unqualified name. */
export function findLocal(scope: Scope, name: string, position: number): ColumnRef | undefined {
  const hits = columnsNamed(scope.columns, name);
  if (hits.length > 1) {
    // What FROM unnests under a name is what the name means.
    const own = scope.tables.find((t) => t.alias === name)?.columns.find((c) => c.name === name);
    if (own?.column.type.name === 'super') return own.column;
  }
  if (hits.length > 1) throw ambiguousColumn(name, position);
  return hits[0]?.column ?? scope.pseudo?.find((c) => c.name === name)?.column;
}

export function findTables(scope: Scope, parts: readonly string[]): readonly ScopeTable[] {
  const alias = parts[parts.length - 1]!;
  const schema = parts.length > 1 ? parts[parts.length - 2] : undefined;
  return scope.tables.filter((t) => t.alias === alias && (schema === undefined || t.schema === schema));
}

/** The table a qualifier names, in this scope or an enclosing one. */
export function findTable(
  scope: Scope,
  qualifier: readonly string[],
  position: number,
): { readonly table: ScopeTable; readonly depth: number } {
  if (qualifier.length > 2 && qualifier[0] !== scope.database) {
    throw featureNotSupported('cross-database references are not supported', position);
  }
  let depth = 0;
  for (let s: Scope | undefined = scope; s !== undefined; s = s.parent, depth++) {
    const hits = findTables(s, qualifier);
    if (hits.length > 1) throw ambiguousTable(qualifier[qualifier.length - 1]!, position);
    if (hits.length === 1) return { table: hits[0]!, depth };
  }
  if (qualifier.length > 1) throw undefinedTable(qualifier.slice(-2).join('.'), position);
  throw missingFromEntry(qualifier[0]!, position);
}

const tableList = (scope: Scope): string => [...new Set(scope.tables.map((t) => t.alias))].join(', ');

export function missingColumn(scope: Scope, name: string, position: number): Error {
  const tables = tableList(scope);
  return tables === '' ? unknownColumn(name, position) : undefinedColumn(name, tables, position);
}

/** t.a, s.t.a, db.s.t.a. */
export function findQualified(scope: Scope, parts: readonly string[], position: number): FoundColumn {
  const name = parts[parts.length - 1]!;
  const { table, depth } = findTable(scope, parts.slice(0, -1), position);
  const hits = columnsNamed(table.columns, name);
  if (hits.length > 1) throw ambiguousColumn(name, position);
  if (hits.length === 0) throw undefinedColumn(name, table.alias, position);
  return { column: hits[0]!.column, depth };
}

/**
 * A name of several parts: a column, and where that is of type SUPER a path into it. A table's alias wins over a column of the
 * name, and a column over a schema.
 */
export function findPath(
  scope: Scope,
  parts: readonly string[],
  position: number,
): { readonly column: FoundColumn; readonly path: readonly string[] } {
  const found = (column: FoundColumn | undefined, used: number) =>
    column?.column.type.name === 'super' ? { column, path: parts.slice(used) } : undefined;
  const within = (used: number): FoundColumn | undefined => {
    if (parts.length <= used) return undefined;
    let depth = 0;
    for (let s: Scope | undefined = scope; s !== undefined; s = s.parent, depth++) {
      const [table] = findTables(s, parts.slice(0, used));
      const column = table?.columns.find((c) => c.name === parts[used])?.column;
      if (table !== undefined) return column && { column, depth };
    }
    return undefined;
  };
  const bare = (): FoundColumn | undefined => {
    const column = findLocal(scope, parts[0]!, position);
    return column === undefined ? findOuter(scope, parts[0]!, position) : { column, depth: 0 };
  };
  if (parts.length === 2 && within(1) !== undefined) return { column: within(1)!, path: [] };
  return (
    found(within(1), 2) ??
    found(bare(), 1) ??
    found(within(2), 3) ??
    found(within(3), 4) ?? { column: findQualified(scope, parts, position), path: [] }
  );
}

/** An unqualified name in the enclosing queries only. */
export function findOuter(scope: Scope, name: string, position: number): FoundColumn | undefined {
  let depth = 1;
  for (let s = scope.parent; s !== undefined; s = s.parent, depth++) {
    const column = findLocal(s, name, position);
    if (column !== undefined) return { column, depth };
  }
  return undefined;
}
