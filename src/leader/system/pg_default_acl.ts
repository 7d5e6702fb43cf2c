/**
 * PG_DEFAULT_ACL: default privileges; there are none.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_default_acl',
  schema: 'pg_catalog',
  oid: 826,
  doc: 'default privileges; there are none.',
  visibleTo: 'everyone',
  columns: columns(`
    defacluser integer, defaclnamespace oid, defaclobjtype "char", defaclacl aclitem[], defaclrole oid,
    oid oid
  `),
  rows: () => [],
});
