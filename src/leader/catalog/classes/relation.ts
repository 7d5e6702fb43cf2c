/** Tables, views and materialized views: one name space in a schema, one space of oids. */
import { duplicateTable, undefinedTable } from '../../../common/errors/catalogue.ts';
import type { SystemPrivilege } from '../system-privilege-names.ts';
import type { ObjectReference, RelationObject, TableConstraintInfo } from '../objects.ts';
import type { CatalogTable, ObjectClass } from './define.ts';

export const PG_CONSTRAINT: CatalogTable = { name: 'pg_constraint', oid: 2606 };

/** System privileges on tables and on views. */
const SYSTEM: Readonly<Partial<Record<string, Readonly<Partial<Record<string, SystemPrivilege>>>>>> = {
  table: { D: 'DROP TABLE', t: 'TRUNCATE TABLE', A: 'ALTER TABLE' },
  view: { D: 'DROP VIEW' },
};

const needs = ({ references }: TableConstraintInfo): ObjectReference | undefined =>
  references === undefined ? undefined : { class: 'relation', oid: references.tableId };

export const relation: ObjectClass<RelationObject> = {
  kinds: {
    table: { comment: 'table', storage: true },
    view: { comment: 'view' },
    'materialized view': { comment: 'view' },
  },
  noun: 'relation',
  uniqueIn: 'schema',
  catalog: { name: 'pg_class', oid: 1259 },
  owned: true,
  privileges: {
    on: 'table',
    letters: {
      SELECT: 'r',
      INSERT: 'a',
      UPDATE: 'w',
      DELETE: 'd',
      DROP: 'D',
      REFERENCES: 'x',
      TRUNCATE: 't',
      ALTER: 'A',
    },
    system: ({ kind }) => SYSTEM[kind] ?? {},
  },
  duplicate: duplicateTable,
  missing: undefinedTable,
  belongsTo: (object) =>
    object.kind === 'table' && object.materializedViewOid !== undefined
      ? { class: 'relation', oid: object.materializedViewOid }
      : undefined,
  parts: (object) =>
    object.kind !== 'table'
      ? []
      : object.constraints.map((c) => ({
          catalog: PG_CONSTRAINT,
          oid: c.oid,
          described: `constraint ${c.name} on table ${object.name}`,
          comment: c.comment,
          needs: needs(c),
        })),
  withoutParts: (object, gone) =>
    object.kind !== 'table'
      ? object
      : {
          ...object,
          constraints: object.constraints.filter((c) => {
            const needed = needs(c);
            return needed === undefined || !gone(needed);
          }),
        },
};
