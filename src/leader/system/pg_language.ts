/**
 * PG_LANGUAGE: languages of functions. Columns nobody measures here are NULL and listed in `unknown`.
 */
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
  unknown: ['lanacl'],
  rows: () => [
    {
      lanname: 'internal',
      lanispl: false,
      lanpltrusted: false,
      lanplcallfoid: 0,
      lanvalidator: 0,
      oid: 12,
      lanowner: 1,
    },
    { lanname: 'sql', lanispl: false, lanpltrusted: true, lanplcallfoid: 0, lanvalidator: 0, oid: 14, lanowner: 1 },
  ],
});
