/**
 * information_schema.parameters: arguments of routines, those of users by name. Columns nobody measures here are NULL and
 * listed in `unknown`.
 */
import type { RoutineArgument } from '../../catalog/objects.ts';
import type { SqlType } from '../../../types/sql-type.ts';
import { schemaName, typeFacts, typeName } from '../catalog-rows.ts';
import { columns, systemView } from '../define.ts';

const MODES: Readonly<Record<RoutineArgument['mode'], string>> = { in: 'IN', out: 'OUT', inout: 'INOUT' };
/** A type of unlimited length has none here. */
const facts = (type: SqlType) => {
  const { dataType, length, precision, radix, scale, datetimePrecision } = typeFacts(type);
  return {
    data_type: dataType,
    character_maximum_length: length,
    character_octet_length: length,
    numeric_precision: precision,
    numeric_precision_radix: radix,
    numeric_scale: scale,
    datetime_precision: datetimePrecision,
    udt_name: typeName(type),
  };
};

export default systemView({
  name: 'parameters',
  schema: 'information_schema',
  doc: 'arguments of the functions and procedures of users.',
  visibleTo: 'everyone',
  columns: columns(`
    specific_catalog varchar(128), specific_schema varchar(128), specific_name varchar(128), ordinal_position integer,
    parameter_mode varchar(128), is_result varchar(3), as_locator varchar(3), parameter_name varchar(128),
    data_type varchar(128), character_maximum_length integer, character_octet_length integer,
    character_set_catalog varchar(128), character_set_schema varchar(128), character_set_name varchar(128),
    collation_catalog varchar(128), collation_schema varchar(128), collation_name varchar(128),
    numeric_precision integer, numeric_precision_radix integer, numeric_scale integer, datetime_precision integer,
    interval_type varchar(128), interval_precision varchar(128), udt_catalog varchar(128), udt_schema varchar(128),
    udt_name varchar(128), scope_catalog varchar(128), scope_schema varchar(128), scope_name varchar(128),
    maximum_cardinality integer, dtd_identifier varchar(128)
  `),
  unknown: [
    'character_set_catalog',
    'character_set_schema',
    'character_set_name',
    'collation_catalog',
    'collation_schema',
    'collation_name',
    'interval_type',
    'interval_precision',
    'scope_catalog',
    'scope_schema',
    'scope_name',
    'maximum_cardinality',
  ],
  rows: (ctx) =>
    ctx.catalog.objects('routine').flatMap((routine) =>
      routine.arguments.map(({ name, mode, type }, i) => ({
        specific_catalog: ctx.catalog.database.name,
        specific_schema: schemaName(ctx, routine.schemaOid),
        specific_name: `${routine.name}_${routine.oid}`,
        ordinal_position: i + 1,
        parameter_mode: MODES[mode],
        is_result: 'NO',
        as_locator: 'NO',
        parameter_name: name ?? null,
        udt_catalog: ctx.catalog.database.name,
        udt_schema: 'pg_catalog',
        dtd_identifier: String(i + 1),
        ...facts(type),
      })),
    ),
});
