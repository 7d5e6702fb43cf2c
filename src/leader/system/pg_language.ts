/**
 * PG_LANGUAGE: languages of functions.
 */
import { LANGUAGE_RIGHTS, ownedAclText } from './catalog-rows.ts';
import { aclOf } from '../catalog/privileges.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_language',
  schema: 'pg_catalog',
  oid: 2612,
  doc: 'languages of functions.',
  visibleTo: 'everyone',
  columns: columns(`
    lanname name, lanispl boolean, lanpltrusted boolean, lanplcallfoid oid, lanvalidator oid,
    lanacl aclitem[], oid oid, lanowner oid
  `),
  rows: (ctx) => [
    {
      lanname: 'internal',
      lanispl: false,
      lanpltrusted: false,
      lanplcallfoid: 0,
      lanvalidator: 0,
      oid: 12,
      lanowner: 1,
    },
    ...ctx.catalog.objects('language').map((language) => ({
      lanname: language.name,
      lanispl: language.name !== 'sql',
      lanpltrusted: language.name !== 'plpythonu',
      lanplcallfoid: 0,
      lanvalidator: 0,
      lanacl: ownedAclText(ctx, { ownerOid: language.ownerOid, acl: aclOf(language) }, LANGUAGE_RIGHTS),
      oid: language.oid,
      lanowner: language.ownerOid,
    })),
  ],
});
