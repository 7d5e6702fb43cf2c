/**
 * PG_LANGUAGE: languages of functions. Columns nobody measures here are NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';
import { LANGUAGE_OIDS } from './routine-rows.ts';

const language = (lanname: string, oid: number, lanispl: boolean) => ({
  lanname,
  lanispl,
  lanpltrusted: true,
  lanplcallfoid: 0,
  lanvalidator: 0,
  oid,
  lanowner: 1,
});

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
    language('sql', LANGUAGE_OIDS.sql, false),
    language('plpgsql', LANGUAGE_OIDS.plpgsql, true),
    language('exfunc', LANGUAGE_OIDS.exfunc, false),
  ],
});
