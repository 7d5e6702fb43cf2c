/**
 * SHOW GRANTS: who was granted what on an object, and what somebody was granted. Everybody sees what was granted to
 * themselves, their groups or PUBLIC; the owner and superusers see all. There are no privileges on single columns, so
 * SHOW COLUMN GRANTS has no rows.
 */
import { featureNotSupported, undefinedUser } from '../../common/errors/catalogue.ts';
import { classOf } from '../catalog/classes/index.ts';
import { schemaNameOf } from '../catalog/names.ts';
import type { AclEntry, CatalogObject, CatalogSnapshot } from '../catalog/objects.ts';
import { aclOf, isOf, isOwner, privilegeWord } from '../catalog/privileges.ts';
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
}

/** Grants on one object that the user may see. */
function grantsOn({ session }: ShowContext, catalog: CatalogSnapshot, object: CatalogObject): readonly Grant[] {
  const { user } = session;
  const of = classOf(object);
  const type =
    of !== 'relation' ? of.toUpperCase() : (object as { kind: string }).kind === 'table' ? 'TABLE' : 'VIEW';
  const schema =
    of === 'relation'
      ? schemaNameOf(catalog, object as Parameters<typeof schemaNameOf>[1])
      : of === 'schema'
        ? object.name
        : null;
  return aclOf(object)
    .filter((entry) => isOwner(user, object as { ownerOid: number }) || isOf(catalog, user, entry.grantee))
    .flatMap((entry) =>
      [...entry.privileges].map((letter) => ({
        schema,
        object: object.name,
        objectType: type,
        scope: of === 'relation' ? 'TABLE' : type,
        entry,
        privilege: privilegeWord(of, letter),
      })),
    );
}

const userName = (catalog: CatalogSnapshot, oid: number): string | null => catalog.userByOid(oid)?.name ?? null;
/** identity_id, identity_name, identity_type. */
function identity(catalog: CatalogSnapshot, grantee: number): Cells {
  if (grantee === 0) return ['0', 'public', 'public'];
  if (grantee < 0) return [String(-grantee), catalog.object('group', -grantee)?.name ?? null, 'group'];
  return [String(grantee), userName(catalog, grantee), 'user'];
}

/** The grantee as ACLs have it; undefined for everybody. */
function wanted(catalog: CatalogSnapshot, grantee: Grantee | undefined): number | undefined {
  if (grantee === undefined) return undefined;
  if (grantee.kind === 'public') return 0;
  if (grantee.kind === 'role') throw featureNotSupported('SHOW GRANTS FOR ROLE is not supported: there are no roles');
  const user = catalog.named('user', grantee.name);
  if (user === undefined) throw undefinedUser(grantee.name);
  return user.oid;
}

type Inside = { readonly catalog: CatalogSnapshot; readonly object: CatalogObject };
function objectOf(context: ShowContext, show: Show): Inside | undefined {
  if (show.on === 'database') {
    const catalog = shownCatalog(context, show.names[0]);
    return catalog && { catalog, object: catalog.database };
  }
  if (show.on === 'schema') {
    const shown = shownSchema(context, show);
    return shown && { catalog: shown.catalog, object: shown.schema };
  }
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
        'f',
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
  const objects: readonly CatalogObject[] = [catalog.database, ...catalog.schemas(), ...catalog.relations()];
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
  wanted(context.transaction.catalog(), show.grantee);
  return [];
}
