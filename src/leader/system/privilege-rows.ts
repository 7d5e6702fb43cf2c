/**
 * Granted privileges, one row per grantee and privilege, for SVV_RELATION_PRIVILEGES and SVV_SCHEMA_PRIVILEGES. Ordinary
 * users see what was granted to themselves, their groups or everyone.
 */
import type { AclEntry } from '../catalog/objects.ts';
import { userName } from './catalog-rows.ts';
import type { SystemContext, SystemRow } from './define.ts';

const WORDS: Readonly<Record<string, string>> = {
  r: 'SELECT',
  a: 'INSERT',
  w: 'UPDATE',
  d: 'DELETE',
  D: 'DROP',
  x: 'REFERENCES',
  t: 'TRUNCATE',
  A: 'ALTER',
  U: 'USAGE',
  C: 'CREATE',
  T: 'TEMPORARY',
};

function seen(ctx: SystemContext, grantee: number): boolean {
  const { user } = ctx.session;
  if (user.superuser || grantee === 0 || grantee === user.oid) return true;
  return ctx.catalog.groups().some((g) => g.oid === -grantee && g.users.includes(user.oid));
}

/** `names` are the columns that tell which object it is. */
export function privilegeRows(ctx: SystemContext, acl: readonly AclEntry[], names: SystemRow): readonly SystemRow[] {
  return acl
    .filter((entry) => seen(ctx, entry.grantee))
    .flatMap((entry) => {
      const group = ctx.catalog.groups().find((g) => g.oid === -entry.grantee);
      const identity =
        entry.grantee === 0
          ? { identity_id: 0, identity_name: 'public', identity_type: 'public' }
          : entry.grantee < 0
            ? { identity_id: -entry.grantee, identity_name: group?.name ?? null, identity_type: 'group' }
            : { identity_id: entry.grantee, identity_name: userName(ctx, entry.grantee), identity_type: 'user' };
      return [...entry.privileges].map((letter) => ({
        ...names,
        ...identity,
        privilege_type: WORDS[letter] ?? letter,
        admin_option: false,
      }));
    });
}
