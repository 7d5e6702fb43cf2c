/** ALTER DATASHARE: adds and removes schemas, relations and functions, SET PUBLICACCESSIBLE, SET INCLUDENEW. */
import { featureNotSupported, undefinedSchema } from '../../common/errors/catalogue.ts';
import {
  alreadyShared,
  notShared,
  schemaNotShared,
  temporaryNotShared,
} from '../../common/errors/datashare-errors.ts';
import { putObject } from '../catalog/changes.ts';
import { described } from '../catalog/classes/index.ts';
import { lockUses } from '../catalog/lock-by-name.ts';
import { requireNamed, requireRelation } from '../catalog/names.ts';
import type { CatalogObject, CatalogSnapshot, DatashareObject, SchemaObject } from '../catalog/objects.ts';
import { requireOwnerOr, requirePrivilege } from '../catalog/privileges.ts';
import { requireRoutine } from '../catalog/routines.ts';
import type { SharedObjects } from '../parser/statements/datashare.ts';
import type { CommandContext } from './command.ts';
import { recorded } from './recorded-command.ts';

interface Members {
  readonly list: 'schemas' | 'relations' | 'routines';
  readonly objects: readonly CatalogObject[];
}

function membersOf(context: CommandContext, share: DatashareObject, named: SharedObjects): Members {
  const { session, transaction } = context;
  const catalog = transaction.catalog();
  const shared = (schema: SchemaObject): SchemaObject => {
    if (!share.schemas.includes(schema.oid)) throw schemaNotShared(schema.name, share.name);
    return schema;
  };
  const schemaOf = (oid: number): SchemaObject => shared(catalog.schemaByOid(oid)!);
  const sharedSchema = (name: string): SchemaObject => shared(schemaNamed(catalog, name));
  switch (named.kind) {
    case 'schemas':
      return { list: 'schemas', objects: named.names.map((name) => schemaNamed(catalog, name)) };
    case 'relations': {
      const objects = named.names.map((name) => {
        const relation = requireRelation(catalog, session.searchPath(), name);
        if (relation.kind === 'table' && relation.temporary) throw temporaryNotShared(relation.name);
        schemaOf(relation.schemaOid);
        requirePrivilege(catalog, session.user, relation, 'r');
        return relation;
      });
      return { list: 'relations', objects };
    }
    case 'functions': {
      const objects = named.functions.map((f) => requireRoutine(catalog, session.searchPath(), f));
      for (const routine of objects) schemaOf(routine.schemaOid);
      return { list: 'routines', objects };
    }
    case 'all tables': {
      const oids = named.schemas.map((name) => sharedSchema(name).oid);
      const isTable = (r: CatalogObject): boolean => r.kind !== 'table' || r.materializedViewOid === undefined;
      return {
        list: 'relations',
        objects: catalog.relations().filter((r) => oids.includes(r.schemaOid) && isTable(r)),
      };
    }
    case 'all functions': {
      const oids = named.schemas.map((name) => sharedSchema(name).oid);
      return { list: 'routines', objects: catalog.objects('routine').filter((r) => oids.includes(r.schemaOid)) };
    }
  }
}
function schemaNamed(catalog: CatalogSnapshot, name: string): SchemaObject {
  const schema = catalog.schema(name);
  if (schema === undefined) throw undefinedSchema(name);
  return schema;
}

function changed(
  share: DatashareObject,
  action: 'add' | 'remove',
  all: boolean,
  { list, objects }: Members,
): DatashareObject {
  const now: readonly number[] = share[list];
  if (action === 'add') {
    const twice = objects.find((o) => now.includes(o.oid));
    if (twice !== undefined && !all) throw alreadyShared(described(twice), share.name);
    return { ...share, [list]: [...new Set([...now, ...objects.map((o) => o.oid)])] };
  }
  const absent = objects.find((o) => !now.includes(o.oid));
  if (absent !== undefined && !all) throw notShared(described(absent), share.name);
  const gone = new Set(objects.map((o) => o.oid));
  const left = { ...share, [list]: now.filter((oid) => !gone.has(oid)) };
  return list === 'schemas' ? { ...left, includeNew: share.includeNew.filter((oid) => !gone.has(oid)) } : left;
}

export default recorded('ddl', {
  kind: 'alter-datashare',
  doc: 'ALTER DATASHARE',
  async run(context, { name, change, isPublic, includeNew }) {
    const { session, transaction } = context;
    transaction.requireXid();
    const share = await lockUses(transaction, () => {
      const catalog = transaction.catalog();
      const found = requireNamed(catalog, 'datashare', name);
      requireOwnerOr(catalog, session.user, found, 'A');
      return { value: found, changes: [found] };
    });
    if (share.database !== transaction.database)
      throw featureNotSupported(`datashare "${name}" belongs to another database: connect to that`);
    let next = share;
    if (change !== undefined) {
      const all = change.objects.kind === 'all tables' || change.objects.kind === 'all functions';
      next = changed(share, change.action, all, membersOf(context, share, change.objects));
    }
    if (isPublic !== undefined) next = { ...next, isPublic };
    if (includeNew !== undefined) {
      const schema = schemaNamed(transaction.catalog(), includeNew.schema);
      if (!share.schemas.includes(schema.oid)) throw schemaNotShared(schema.name, name);
      const others = next.includeNew.filter((oid) => oid !== schema.oid);
      next = { ...next, includeNew: includeNew.value ? [...others, schema.oid] : others };
    }
    putObject(transaction, next);
    return { tag: 'ALTER DATASHARE' };
  },
});
