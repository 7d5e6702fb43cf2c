/**
 * The columns of what SHOW lists, in Redshift's order. Drivers read them by name. Used by the SHOW command and, before it
 * runs, by whoever describes its result.
 */
import type { SqlType } from '../../types/sql-type.ts';
import type { Shown } from '../parser/statements/show.ts';

interface ShownColumn {
  readonly name: string;
  readonly type: SqlType;
}
const TEXT: SqlType = { name: 'varchar', length: 65535 };
const TYPES: Readonly<Record<string, SqlType>> = {
  int: { name: 'int4' },
  small: { name: 'int2' },
  bool: { name: 'bool' },
  time: { name: 'timestamp' },
};

/** Names, each with `:int`, `:small`, `:bool` or `:time` behind it when it is no text. */
const columns = (text: string): readonly ShownColumn[] =>
  text
    .trim()
    .split(/\s+/)
    .map((word) => {
      const [name = '', type] = word.split(':');
      return { name, type: type === undefined ? TEXT : TYPES[type]! };
    });

const FOREIGN_KEYS = columns(`
  pk_database_name pk_schema_name pk_table_name pk_column_name fk_database_name fk_schema_name fk_table_name fk_column_name
  key_seq:int update_rule:small delete_rule:small fk_name pk_name deferrability:small
`);
const POLICIES = columns(`
  database_name policy_name input_columns policy_expression schema_name table_name grantee grantee_type priority:int
  modified_by
`);
const PARAMETERS = `
  parameter_name ordinal_position:int parameter_type data_type character_maximum_length:int numeric_precision:int
  numeric_scale:int
`;

export const SHOWN_COLUMNS: Readonly<Record<Shown, readonly ShownColumn[]>> = {
  databases: columns('database_name database_owner database_type database_acl parameters database_isolation_level'),
  schemas: columns('database_name schema_name schema_owner schema_type schema_acl source_database schema_option'),
  tables: columns(`
    database_name schema_name table_name table_type table_acl remarks owner last_altered_time:time last_modified_time:time
    dist_style table_subtype
  `),
  columns: columns(`
    database_name schema_name table_name column_name ordinal_position:int column_default is_nullable data_type
    character_maximum_length:int numeric_precision:int numeric_scale:int remarks sort_key_type sort_key:int dist_key:int
    encoding collation
  `),
  'primary keys': columns('database_name schema_name table_name column_name key_seq:int pk_name'),
  'foreign keys': FOREIGN_KEYS,
  'exported keys': FOREIGN_KEYS,
  'grants on': columns(`
    schema_name object_name object_type privilege_type identity_id:int identity_name identity_type admin_option:bool
    privilege_scope database_name grantor_name
  `),
  'grants for': columns(`
    database_name schema_name object_name object_type privilege_type identity_id:int identity_name identity_type
    privilege_scope grantor_name
  `),
  'column grants': columns(`
    database_name schema_name table_name column_name object_type privilege_type identity_id:int identity_name identity_type
    admin_option:bool privilege_scope grantor_name
  `),
  'rls policies': POLICIES,
  'masking policies': POLICIES,
  procedures: columns('database_name schema_name procedure_name return_type argument_list'),
  functions: columns(
    'database_name schema_name function_name number_of_arguments:int argument_list return_type remarks',
  ),
  'procedure parameters': columns(`database_name schema_name procedure_name ${PARAMETERS}`),
  'function parameters': columns(`database_name schema_name function_name ${PARAMETERS}`),
  table: [{ name: 'Show Table DDL statement', type: TEXT }],
  view: [{ name: 'Show View DDL statement', type: TEXT }],
};
