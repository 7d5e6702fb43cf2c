/**
 * SHOW GRANTS and SHOW COLUMN GRANTS: who was granted what on an object or on its columns, and what somebody was granted.
 * Everybody sees what was granted to themselves, their groups, their roles or PUBLIC; the owner and superusers see all.
 */
import { OBJECT_CLASSES, classOf } from '../catalog/classes/index.ts';
import { signatureOf } from '../catalog/classes/routine.ts';
import { granteeNamed, granteeOf } from '../catalog/grantees.ts';
import { requireNamed } from '../catalog/names.ts';
import {
  liveColumns,
  type AclEntry,
  type CatalogObject,
  type CatalogSnapshot,
  type ScopedGrant,
} from '../catalog/objects.ts';
import { aclOf, isOf, isOwner, privilegeWord } from '../catalog/privileges.ts';
import { hasSystemPrivilege } from '../catalog/system-privileges.ts';
import type { Grantee } from '../parser/statements/show.ts';
import { shownCatalog, shownRelation, shownSchema } from './show-context.ts';
import type { Cells, Listed, Show, ShowContext } from './show-context.ts';

interface Grant {
  readonly schema: string | null;
  readonly object: string;
  readonly objectType: string;
  readonly scope: string;
  readonly entry: AclEntry;
  readonly privilege: string;
  readonly option: boolean;
}

const TYPES: Readonly<Partial<Record<CatalogObject['kind'], string>>> = { 'materialized view': 'VIEW' };
const typeOf = (object: CatalogObject): string => TYPES[object.kind] ?? object.kind.toUpperCase();
const shownName = (object: CatalogObject): string =>
  object.kind === 'function' || object.kind === 'procedure' ? `${object.name}(${signatureOf(object)})` : object.name;

/** Grants of an ACL of the object that the user may see. */
function grantsOf(
  { session }: ShowContext,
  catalog: CatalogSnapshot,
  object: CatalogObject,
  acl: readonly AclEntry[],
  scope: string,
  of = classOf(object),
): readonly Grant[] {
  const { user } = session;
  const schema =
    object.schemaOid !== undefined
      ? (catalog.schemaByOid(object.schemaOid)?.name ?? null)
      : object.kind === 'schema'
        ? object.name
        : null;
  const all = isOwner(user, object) || hasSystemPrivilege(catalog, user, 'ACCESS CATALOG');
  return acl
    .filter((entry) => granteeNamed(catalog, entry.grantee).name !== undefined)
    .filter((entry) => all || isOf(catalog, user, entry.grantee))
    .flatMap((entry) =>
      [...entry.privileges].map((letter) => ({
        schema,
        object: shownName(object),
        objectType: typeOf(object),
        scope,
        entry,
        privilege: privilegeWord(of, letter),
        option: entry.grantable?.includes(letter) === true,
      })),
    );
}

const SCOPED_CLASSES = {
  schemas: 'schema',
  tables: 'relation',
  functions: 'routine',
  procedures: 'routine',
  languages: 'language',
} as const;
function grantsOn(context: ShowContext, catalog: CatalogSnapshot, object: CatalogObject): readonly Grant[] {
  const scope = OBJECT_CLASSES[classOf(object)].noun === 'relation' ? 'TABLE' : typeOf(object);
  const scoped: readonly ScopedGrant[] =
    object.kind === 'schema' || object.kind === 'database' ? (object.scoped ?? []) : [];
  return [
    ...grantsOf(context, catalog, object, aclOf(object), scope),
    ...scoped.flatMap(({ objects, acl }) =>
      grantsOf(context, catalog, object, acl, objects.toUpperCase(), SCOPED_CLASSES[objects]),
    ),
  ];
}

const userName = (catalog: CatalogSnapshot, oid: number): string | null => catalog.userByOid(oid)?.name ?? null;
const flag = (is: boolean): string => (is ? 't' : 'f');
/** identity_id, identity_name, identity_type. */
function identity(catalog: CatalogSnapshot, grantee: number): Cells {
  const { kind, oid, name = null } = granteeNamed(catalog, grantee);
  return [String(oid), name, kind];
}

/** The grantee as ACLs have it; undefined for everybody. */
function wanted(catalog: CatalogSnapshot, grantee: Grantee | undefined): number | undefined {
  if (grantee === undefined) return undefined;
  if (grantee.kind === 'public') return 0;
  return granteeOf(requireNamed<'user' | 'role'>(catalog, grantee.kind, grantee.name));
}

type Inside = { readonly catalog: CatalogSnapshot; readonly object: CatalogObject };
function routineOf(context: ShowContext, show: Show): Inside | undefined {
  const { names, on, types = [] } = show;
  const [name = '', ...outer] = [...names].reverse();
  const asked = types.map((t) => t.toLowerCase().trim()).join(', ');
  const path = outer.length > 0 ? [undefined] : context.session.searchPath();
  for (const schemaName of path) {
    const inside = schemaName === undefined ? [...outer].reverse() : [schemaName];
    const shown = shownSchema(context, { ...show, names: inside });
    const object = shown?.catalog
      .objects('routine')
      .find((r) => r.kind === on && r.schemaOid === shown.schema.oid && r.name === name && signatureOf(r) === asked);
    if (shown !== undefined && object !== undefined) return { catalog: shown.catalog, object };
  }
  return undefined;
}
function objectOf(context: ShowContext, show: Show): Inside | undefined {
  if (show.on === 'database') {
    const catalog = shownCatalog(context, show.names[0]);
    return catalog && { catalog, object: catalog.database };
  }
  if (show.on === 'schema') {
    const shown = shownSchema(context, show);
    return shown && { catalog: shown.catalog, object: shown.schema };
  }
  if (show.on === 'function' || show.on === 'procedure') return routineOf(context, show);
  const shown = shownRelation(context, show);
  return shown && { catalog: shown.catalog, object: shown.relation };
}

export function listGrantsOn(context: ShowContext, show: Show): readonly Listed[] {
  const whose = wanted(context.transaction.catalog(), show.grantee);
  const inside = objectOf(context, show);
  if (inside === undefined) return [];
  const { catalog, object } = inside;
  return grantsOn(context, catalog, object)
    .filter((g) => whose === undefined || g.entry.grantee === whose)
    .map((g) => [
      g.object,
      [
        g.schema,
        g.object,
        g.objectType,
        g.privilege,
        ...identity(catalog, g.entry.grantee),
        flag(g.option),
        g.scope,
        catalog.database.name,
        userName(catalog, g.entry.grantor),
      ],
    ]);
}

export function listGrantsFor(context: ShowContext, show: Show): readonly Listed[] {
  const whose = wanted(context.transaction.catalog(), show.grantee);
  const catalog = shownCatalog(context, show.names[0]);
  if (catalog === undefined) return [];
  const objects: readonly CatalogObject[] = [
    catalog.database,
    ...catalog.schemas(),
    ...catalog.relations(),
    ...catalog.objects('routine'),
    ...catalog.objects('language'),
  ];
  return objects
    .flatMap((object) => grantsOn(context, catalog, object))
    .filter((g) => g.entry.grantee === whose)
    .map((g) => [
      g.object,
      [
        catalog.database.name,
        g.schema,
        g.object,
        g.objectType,
        g.privilege,
        ...identity(catalog, g.entry.grantee),
        g.scope,
        userName(catalog, g.entry.grantor),
      ],
    ]);
}

export function listColumnGrants(context: ShowContext, show: Show): readonly Listed[] {
  const whose = wanted(context.transaction.catalog(), show.grantee);
  const shown = shownRelation(context, show);
  if (shown === undefined) return [];
  const { catalog, relation } = shown;
  return liveColumns(relation).flatMap((column) =>
    grantsOf(context, catalog, relation, column.acl ?? [], 'COLUMN')
      .filter((g) => whose === undefined || g.entry.grantee === whose)
      .map((g): Listed => [
        column.name,
        [
          catalog.database.name,
          g.schema,
          relation.name,
          column.name,
          g.objectType,
          g.privilege,
          ...identity(catalog, g.entry.grantee),
          flag(g.option),
          g.scope,
          userName(catalog, g.entry.grantor),
        ],
      ]),
  );
}
