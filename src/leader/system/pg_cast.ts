/**
 * PG_CAST: casts between data types: i implicit, a on assignment, e explicit only.
 */
import { TYPE_INFO } from '../../types/sql-type.ts';
import { castMode } from '../analyser/type-rules.ts';
import { columns, systemView } from './define.ts';

const NAMES = [
  'bool',
  'int2',
  'int4',
  'int8',
  'numeric',
  'float4',
  'float8',
  'char',
  'varchar',
  'text',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'timetz',
  'intervaly2m',
  'intervald2s',
  'varbyte',
  'interval',
  'name',
  'oid',
] as const;
const CONTEXTS = { implicit: 'i', assignment: 'a', explicit: 'e' } as const;

export default systemView({
  name: 'pg_cast',
  schema: 'pg_catalog',
  oid: 2605,
  doc: 'casts between data types: i implicit, a on assignment, e explicit only.',
  visibleTo: 'everyone',
  columns: columns(`
    castsource oid, casttarget oid, castfunc oid, castcontext "char", castmethod "char"
  `),
  rows: () =>
    NAMES.flatMap((from) =>
      NAMES.filter((to) => to !== from).flatMap((to) => {
        const mode = castMode({ name: from }, { name: to });
        return mode === undefined
          ? []
          : [
              {
                castsource: TYPE_INFO[from].oid,
                casttarget: TYPE_INFO[to].oid,
                castfunc: 0,
                castcontext: CONTEXTS[mode],
                castmethod: 'i',
              },
            ];
      }),
    ),
});
