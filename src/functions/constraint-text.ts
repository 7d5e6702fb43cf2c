/**
 * pg_get_constraintdef: the SQL of a primary key, unique or foreign key constraint, found by its oid. pg_get_indexdef: a
 * primary or unique key as the index that PostgreSQL's catalogs show for it.
 */
import type { LeaderView, RelationView } from './leader-context.ts';
import { findRelation } from './privilege-check.ts';

const columns = (r: RelationView, attnums: readonly number[]): string =>
  attnums.map((n) => r.columns.find((c) => c.attnum === n)?.name ?? `?${n}`).join(', ');

/** With its schema where the search path does not find it. */
function relationName(leader: LeaderView, relation: RelationView): string {
  const schema = leader.catalog.schemaByOid(relation.schemaOid);
  const isVisible = findRelation(leader, relation.name)?.oid === relation.oid;
  return isVisible || schema === undefined ? relation.name : `${schema.name}.${relation.name}`;
}

export function constraintDefinition(leader: LeaderView, oid: number): string | null {
  for (const relation of leader.catalog.relations()) {
    const c = relation.constraints?.find((k) => k.oid === oid);
    if (c === undefined) continue;
    if (c.kind === 'primary') return `PRIMARY KEY (${columns(relation, c.attnums)})`;
    if (c.kind === 'unique') return `UNIQUE (${columns(relation, c.attnums)})`;
    const target = c.references === undefined ? undefined : leader.catalog.relationByOid(c.references.tableId);
    if (target === undefined) return `FOREIGN KEY (${columns(relation, c.attnums)})`;
    return `FOREIGN KEY (${columns(relation, c.attnums)}) REFERENCES ${relationName(leader, target)}(${columns(target, c.references!.attnums)})`;
  }
  return null;
}

/** `column` from 1 gives that key column's name, 0 the whole definition. */
export function indexDefinition(leader: LeaderView, oid: number, column: number): string | null {
  for (const relation of leader.catalog.relations()) {
    const c = relation.constraints?.find((k) => k.oid === oid && k.kind !== 'foreign');
    if (c === undefined) continue;
    if (column > 0) {
      const attnum = c.attnums[column - 1];
      return attnum === undefined ? '' : columns(relation, [attnum]);
    }
    const schema = leader.catalog.schemaByOid(relation.schemaOid)?.name ?? '';
    return `CREATE UNIQUE INDEX ${c.name} ON ${schema}.${relation.name} USING btree (${columns(relation, c.attnums)})`;
  }
  return null;
}
