/** Datashares and what is in them as DESC, SHOW and the SVV_DATASHARE views list them. */
import { signatureOf } from './classes/routine.ts';
import { databasesOf, sharedObjects } from './datashares.ts';
import type { CatalogSnapshot, DatashareObject, UserObject } from './objects.ts';
import { allows } from './privileges.ts';

export interface ShareRow {
  readonly share: DatashareObject;
  readonly type: 'OUTBOUND' | 'INBOUND';
  readonly source: string | null;
  /** The database that was made from it. */
  readonly consumer: string | null;
  readonly owner: string | null;
}
/** A share is seen as one's own, and once more for each database that was made from it. */
export function shareRows(catalog: CatalogSnapshot, user: UserObject): readonly ShareRow[] {
  return catalog.objects('datashare').flatMap((share): ShareRow[] => {
    const source = catalog.object('database', share.database)?.name ?? null;
    const owner = catalog.userByOid(share.ownerOid)?.name ?? null;
    const isSeen = allows(catalog, user, share, 'A') || allows(catalog, user, share, 'S');
    const own = isSeen ? [{ share, type: 'OUTBOUND' as const, source, consumer: null, owner }] : [];
    const inbound = databasesOf(catalog, share).map(({ name }): ShareRow => ({
      share,
      type: 'INBOUND',
      source: null,
      consumer: name,
      owner: null,
    }));
    return [...own, ...inbound];
  });
}

export interface ShareObjectRow {
  readonly type: 'schema' | 'table' | 'view' | 'late binding view' | 'materialized view' | 'function';
  readonly name: string;
  /** Of schemas. */
  readonly includeNew?: boolean;
}
export function objectRows(catalog: CatalogSnapshot, share: DatashareObject): readonly ShareObjectRow[] {
  const { schemas, relations, routines } = sharedObjects(catalog, share);
  return [
    ...schemas.map((schema): ShareObjectRow => ({
      type: 'schema',
      name: schema.name,
      includeNew: share.includeNew.includes(schema.oid),
    })),
    ...relations.map(({ relation, schema }): ShareObjectRow => {
      const isLate = relation.kind === 'view' && relation.lateBinding;
      return { type: isLate ? 'late binding view' : relation.kind, name: `${schema.name}.${relation.name}` };
    }),
    ...routines.map(({ routine, schema }): ShareObjectRow => ({
      type: 'function',
      name: `${schema.name}.${routine.name}(${signatureOf(routine)})`,
    })),
  ];
}
