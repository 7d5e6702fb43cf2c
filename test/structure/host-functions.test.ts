/**
 * The list of SQL functions that are host TypeScript. What a query does with rows (operators, casts, aggregates, string,
 * math and date functions) runs as WebAssembly; TypeScript are only look-ups in the leader's catalog and session, and the
 * arrays and reg* types that nothing but catalogs has. A new host function has to be written down here. Spatial functions are
 * TypeScript on slices (src/spatial, docs/decisions/0037): topology is a library's. They stand in a folder of their own.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ENTRIES } from '../../src/functions/registry.generated.ts';
import { names } from '../../src/spatial/library.ts';
import { root } from './sources.ts';

const scalars = ENTRIES.filter((e) => e.kind === 'scalar');
const aggregates = ENTRIES.filter((e) => e.kind === 'aggregate');
const CATALOG_AND_SESSION = words(`
  change_query_priority change_session_priority change_user_priority col_description current_database current_namespace
  current_schema current_schemas current_session_arn current_setting current_user current_user_id db_collation default_iam_role
  format_encoding format_type is_large_string_enabled getdatabaseencoding has_database_privilege has_function_privilege
  has_schema_privilege has_table_privilege has_any_column_privilege has_assumerole_privilege has_column_privilege
  has_language_privilege role_is_member_of obj_description oidvectortypes pg_backend_pid pg_cancel_backend
  pg_char_to_encoding pg_client_encoding pg_collation_is_visible pg_conversion_is_visible pg_encoding_to_char
  pg_function_is_visible pg_get_constraintdef pg_get_expr pg_get_function_arguments
  pg_get_function_identity_arguments pg_get_function_result pg_get_functiondef pg_get_indexdef pg_get_ruledef
  pg_get_serial_sequence pg_get_triggerdef pg_get_userbyid pg_get_viewdef pg_last_copy_count pg_last_copy_id
  pg_last_query_id pg_last_unload_count pg_last_unload_id pg_opclass_is_visible pg_operator_is_visible
  pg_size_pretty pg_table_is_visible pg_tablespace_location pg_terminate_backend pg_type_is_visible regclass_in
  reboot_cluster regclass_out regproc_in regproc_out regprocedure_in regprocedure_out
  regprocedureout regtype_in regtype_out session_user set_config shobj_description slicehouse_kill_node slicehouse_kill_slice
  last_user_query_id slice_num textin to_regclass user_is_member_of version
`);
const CATALOG_ARRAYS = words(`
  array_all_eq array_all_ge array_all_gt array_all_le array_all_lt array_all_ne array_any_eq array_any_ge
  array_any_gt array_any_le array_any_lt array_any_ne array_cat array_close array_compare array_construct array_dims
  array_item array_lower array_subscript array_to_string array_upper string_to_array
`);
/** The breadth that must never be host TypeScript. */
const COMPUTED = words(`
  getdate sysdate dateadd datediff date_trunc date_part to_char to_date to_timestamp last_day add_months months_between
  substring len length trim ltrim rtrim upper lower replace split_part concat position charindex strpos lpad rpad left
  right repeat reverse initcap ascii chr translate round abs mod ceil floor power sqrt trunc sign exp ln log coalesce nvl
  nullif greatest least md5 regexp_replace regexp_substr regexp_count
`);

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

describe('host functions', () => {
  test('are exactly those listed', () => {
    const hosts = scalars
      .filter((f) => f.host !== undefined)
      .map((f) => f.name)
      .sort();
    expect(hosts).toEqual([...CATALOG_AND_SESSION, ...CATALOG_ARRAYS].sort());
  });
  test('run on the leader only, and have no other implementation', () => {
    for (const f of scalars.filter((s) => s.host !== undefined)) {
      expect(f.runsOn, f.name).toBe('leader');
      expect(f.kernel ?? f.expand, f.name).toBeUndefined();
    }
  });
  test('spatial functions stand in their folder, run anywhere, have no other implementation, and exist', () => {
    const folder = readdirSync(join(root, 'src/functions/scalar/spatial')).map((file) => file.replace('.ts', ''));
    const spatial = scalars.filter((s) => s.spatial !== undefined);
    expect(spatial.length).toBeGreaterThan(100);
    for (const f of spatial) {
      expect(folder, f.name).toContain(f.name);
      expect(f.runsOn, f.name).toBe('anywhere');
      expect(f.kernel ?? f.expand ?? f.host, f.name).toBeUndefined();
      for (const name of [f.spatial!, ...f.signatures.flatMap((s) => s.spatial ?? [])]) expect(names).toContain(name);
    }
  });
  test('no function of strings, numbers or dates is one', () => {
    const byName = new Map(scalars.flatMap((f) => [f.name, ...(f.aliases ?? [])].map((name) => [name, f] as const)));
    const known = COMPUTED.filter((name) => byName.has(name));
    expect(known.length).toBeGreaterThan(COMPUTED.length / 2);
    for (const name of known) expect(byName.get(name)?.host, name).toBeUndefined();
    for (const f of scalars.filter((s) => s.host === undefined && s.spatial === undefined)) {
      const kernels = f.signatures.every((s) => s.kernel !== undefined || f.kernel !== undefined);
      expect(f.expand !== undefined || kernels, `${f.name} has an implementation`).toBe(true);
    }
    for (const a of aggregates) expect(a, a.name).not.toHaveProperty('host');
  });
});
