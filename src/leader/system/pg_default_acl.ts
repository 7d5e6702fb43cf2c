/**
 * PG_DEFAULT_ACL: what users give on tables, functions and procedures that they will make.
 */
import type { DefaultPrivilegesObject } from '../catalog/objects.ts';
import { aclText } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';

const LETTERS: Readonly<Record<DefaultPrivilegesObject['objects'], string>> = {
  tables: 'r',
  functions: 'f',
  procedures: 'p',
};

export default systemView({
  name: 'pg_default_acl',
  schema: 'pg_catalog',
  oid: 826,
  doc: 'what users give on tables, functions and procedures that they will make.',
  visibleTo: 'everyone',
  columns: columns(`
    defacluser integer, defaclnamespace oid, defaclobjtype "char", defaclacl aclitem[], defaclrole oid,
    oid oid
  `),
  rows: (ctx) =>
    ctx.catalog.objects('default-privileges').map((entry) => ({
      defacluser: entry.ownerOid,
      defaclnamespace: entry.inSchema ?? 0,
      defaclobjtype: LETTERS[entry.objects],
      defaclacl: aclText(ctx, entry.acl) ?? '{}',
      defaclrole: entry.ownerOid,
      oid: entry.oid,
    })),
});
