/**
 * PG_TYPE: data types and their array types. Columns nobody measures here are NULL and listed in `unknown`.
 */
import { ARRAY_IO, NO_IO, TYPE_IO } from './type-io.ts';
import type { SystemRow } from './define.ts';
import { elementName, TYPE_INFO } from '../../types/sql-type.ts';
import { PG_CATALOG_OID, typeName } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';

const RDSDB = 1;
const DEFAULTS: SystemRow = {
  typnamespace: PG_CATALOG_OID,
  typowner: RDSDB,
  typisdefined: true,
  typdelim: ',',
  typrelid: 0,
  typelem: 0,
  typreceive: 0,
  typsend: 0,
  typanalyze: 0,
  typnotnull: false,
  typbasetype: 0,
  typtypmod: -1,
  typndims: 0,
  typispreferred: false,
  typarray: 0,
  typcollation: 0,
  typmodin: 0,
  typmodout: 0,
  typsubscript: 0,
  typtype: 'b',
};
const PREFERRED = ['bool', 'float8', 'text', 'timestamptz', 'interval', 'oid'];
const names = Object.keys(TYPE_INFO) as (keyof typeof TYPE_INFO)[];
const byOid = new Map(names.map((name) => [TYPE_INFO[name].oid, name]));

function scalars(): readonly SystemRow[] {
  return names.map((name) => {
    const { oid, arrayOid, size, phys, category } = TYPE_INFO[name];
    const array = name.startsWith('_');
    const io = array ? ARRAY_IO : (TYPE_IO[name] ?? NO_IO);
    return {
      ...DEFAULTS,
      typname: typeName({ name }),
      typlen: size,
      typbyval: size > 0 && size <= 8 && phys !== 'str',
      typtype: category === 'P' ? 'p' : 'b',
      typinput: io[0],
      typoutput: io[1],
      typalign: size === 8 ? 'd' : size === 2 ? 's' : size === 1 ? 'c' : 'i',
      typstorage: size > 0 ? 'p' : 'x',
      oid,
      typcategory: category,
      typispreferred: PREFERRED.includes(name),
      typarray: arrayOid,
      typelem: category === 'A' ? TYPE_INFO[elementName({ name })].oid : 0,
      typcollation: category === 'S' ? 100 : 0,
    };
  });
}

/** Array types that clients look up although no column can have them. */
function arrays(): readonly SystemRow[] {
  return names
    .filter((name) => TYPE_INFO[name].arrayOid !== 0 && !byOid.has(TYPE_INFO[name].arrayOid))
    .map((name) => ({
      ...DEFAULTS,
      typname: `_${typeName({ name })}`,
      typlen: -1,
      typbyval: false,
      typinput: ARRAY_IO[0],
      typoutput: ARRAY_IO[1],
      typalign: 'i',
      typstorage: 'x',
      oid: TYPE_INFO[name].arrayOid,
      typcategory: 'A',
      typelem: TYPE_INFO[name].oid,
    }));
}

export default systemView({
  name: 'pg_type',
  schema: 'pg_catalog',
  oid: 1247,
  doc: 'data types and their array types.',
  visibleTo: 'everyone',
  columns: columns(`
    typname name, typnamespace oid, typowner integer, typlen smallint, typbyval boolean, typtype "char",
    typisdefined boolean, typdelim "char", typrelid oid, typelem oid, typinput regproc,
    typoutput regproc, typreceive regproc, typsend regproc, typanalyze regproc, typalign "char",
    typstorage "char", typnotnull boolean, typbasetype oid, typtypmod integer, typndims integer,
    typdefaultbin text, typdefault text, oid oid, typcategory "char", typispreferred boolean,
    typarray oid, typcollation oid, typacl aclitem[], typmodin regproc, typmodout regproc,
    typsubscript regproc
  `),
  unknown: ['typdefaultbin', 'typdefault', 'typacl'],
  rows: () => [...scalars(), ...arrays()],
});
