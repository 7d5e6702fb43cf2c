/**
 * What each setting does, one entry a setting; settings.test.ts tries every entry through sessions and checks that no
 * setting is without one. The kinds:
 *   acts        another value changes what `observe` sees; tried with every way a value can be given
 *   permits     any value is accepted, since it permits what never happens; the session is told, and answers stay
 *   only        what it would change is not there: one value is accepted, others are 0A000
 *   told        the server tells what is true; SET is refused, or checks its value and changes nothing
 *   ends        ends an idle session
 */
import type { Client, QueryArrayResult } from 'pg';

export type Observe = (client: Client) => Promise<string>;

export type Case =
  | {
      readonly kind: 'acts';
      readonly value: string;
      /** What SHOW says after the value is set; the value itself when left out. */
      readonly shown?: string;
      readonly observe: Observe;
      readonly before: string;
      readonly after: string;
      readonly bad: readonly string[];
      /** The value is read when a transaction begins, so SET LOCAL comes too late. */
      readonly atBegin?: boolean;
      /** RESET ALL leaves it; a start-up parameter cannot give it. */
      readonly keptByResetAll?: boolean;
      readonly noStartup?: boolean;
    }
  | { readonly kind: 'permits'; readonly value: string; readonly bad: readonly string[] }
  | {
      readonly kind: 'only';
      readonly accepted: readonly string[];
      readonly refused: readonly string[];
      readonly bad: readonly string[];
    }
  | {
      readonly kind: 'told';
      readonly value: string;
      readonly observe: Observe;
      readonly seen: string;
      /** Levels that SET passes over; without them SET is refused with 55P02. */
      readonly passedOver?: readonly string[];
    }
  | { readonly kind: 'ends'; readonly inBlock: boolean; readonly sqlstate: string; readonly bad: readonly string[] };

/** Set-up that the entries below observe; `settings_user` has no password. */
export const SETUP = `
  create schema settings_other;
  create table whoami (name varchar(20)); insert into whoami values ('public');
  create table settings_other.whoami (name varchar(20)); insert into settings_other.whoami values ('other');
  create table many (i int); insert into many values (1), (2), (3), (4), (5), (6), (7), (8), (9), (10);
  create table numbers diststyle even as
    select a.i + 10 * b.i + 100 * (c.i % 3) as i from many a, many b, many c where c.i <= 3;
  create table target (id int, v int); insert into target values (1, 0);
  create table source (id int, v int); insert into source values (1, 1), (1, 2);
  create table decimals (n numeric(4,2)); insert into decimals values (1.55);
  create table long_text as
    select to_varbyte('"x' || repeat('é', 32700), 'utf8') || to_varbyte(repeat('é', 100) || '"', 'utf8') as b;
  create user settings_user password disable;
  grant all on all tables in schema public to settings_user`;

const rows = async (client: Client, sql: string): Promise<QueryArrayResult<string[]>> =>
  client.query<string[]>({ text: sql, rowMode: 'array' });
const cell =
  (sql: string): Observe =>
  async (client) =>
    (await rows(client, sql)).rows[0]?.[0] ?? 'no row';
/** The SQLSTATE that a statement ends with, or `otherwise`. */
const sqlstate =
  (sql: string, otherwise: string): Observe =>
  async (client) => {
    try {
      await client.query(sql);
      return otherwise;
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    }
  };
const name =
  (sql: string): Observe =>
  async (client) =>
    (await rows(client, sql)).fields[0]?.name ?? 'no column';
/** The severities of the notices that come with a statement. */
const notices =
  (sql: string): Observe =>
  async (client) => {
    const heard: string[] = [];
    const listener = (notice: { severity?: string | undefined }): void => void heard.push(notice.severity ?? '');
    client.on('notice', listener);
    await client.query(sql);
    client.removeListener('notice', listener);
    return heard.join() || 'silence';
  };

const writes: Observe = async (client) => {
  const outcome = await sqlstate('delete from target where id = 99', 'writes')(client);
  return outcome === '25006' ? 'reads only' : outcome;
};

const seededNumbers = new Set<string>();
/** Whether random() gives what it gave after the first SET seed. */
const random: Observe = async (client) => {
  const number = await cell('select random()')(client);
  if (seededNumbers.size === 0) {
    await client.query('begin');
    await client.query('set local seed to 0.5');
    for (let i = 0; i < 8; i++) seededNumbers.add(await cell('select random()')(client));
    await client.query('rollback');
  }
  return seededNumbers.has(number) ? 'seeded' : 'drawn';
};

/** The SRID of shapes that COPY reads. */
const shapes: Observe = async (client) => {
  await client.query('drop table if exists shapes');
  await client.query('create temp table shapes (shape geometry, foo int, bar varchar(20))');
  await client.query(
    "copy shapes from 's3://settings/shapes/mixed-properties.shp' iam_role default format shapefile",
  );
  return cell('select max(st_srid(shape)) from shapes')(client);
};

const BOOLEAN = ['maybe', "'on', 'off'"];
const superOnly = (accepted: string, refused: string): Case => ({
  kind: 'only',
  accepted: [accepted],
  refused: [refused],
  bad: BOOLEAN,
});
const told = (value: string, sql: string, seen: string): Case => ({ kind: 'told', value, observe: cell(sql), seen });

export const CASES: Readonly<Record<string, Case>> = {
  analyze_threshold_percent: {
    kind: 'acts',
    value: '0',
    observe: async (client) => {
      await client.query('analyze many');
      return cell('select trim(status) from stl_analyze order by starttime desc limit 1')(client);
    },
    before: 'Skipped',
    after: 'Full',
    bad: ['-1', '101', 'many'],
  },
  application_name: {
    kind: 'acts',
    value: 'tool',
    observe: cell('select application_name from pg_stat_activity where procpid = pg_backend_pid()'),
    before: '',
    after: 'tool',
    bad: [],
  },
  auto_analyze: told('false', "select count(*) from stl_analyze where status like 'Auto%'", '0'),
  auto_mv: told('false', "select count(*) from stv_mv_info where name like 'auto_mv%'", '0'),
  cast_super_null_on_error: {
    kind: 'acts',
    value: 'off',
    observe: sqlstate("select json_parse('[1]')::int", 'made'),
    before: 'made',
    after: '22023',
    bad: BOOLEAN,
  },
  check_function_bodies: {
    kind: 'acts',
    value: 'off',
    observe: sqlstate('create or replace procedure unchecked() as $$ begin nonsense end $$ language plpgsql', 'made'),
    before: '42601',
    after: 'made',
    bad: BOOLEAN,
  },
  client_encoding: {
    kind: 'acts',
    value: 'sql_ascii',
    shown: 'SQL_ASCII',
    observe: cell("select pg_client_encoding() || ' ' || 'é'"),
    before: 'UTF8 é',
    after: 'SQL_ASCII é',
    bad: [],
    noStartup: true,
  },
  client_min_messages: {
    kind: 'acts',
    value: 'error',
    observe: notices('set enable_result_cache_for_session to on'),
    before: 'WARNING',
    after: 'silence',
    bad: ['loud'],
  },
  datestyle: {
    kind: 'acts',
    value: 'SQL, DMY',
    observe: cell("select date '2020-01-02'"),
    before: '2020-01-02',
    after: '02/01/2020',
    bad: ['julian'],
  },
  default_array_search_null_handling: {
    kind: 'acts',
    value: 'false',
    observe: cell('select array_contains(array(1, null), null)'),
    before: 't',
    after: 'no row',
    bad: BOOLEAN,
  },
  default_geometry_encoding: {
    kind: 'acts',
    value: '1',
    observe: cell('select supportsbbox(st_point(1, 2))'),
    before: 't',
    after: 'f',
    bad: ['0', '5', 'hex'],
  },
  default_transaction_isolation: {
    kind: 'told',
    value: 'repeatable read',
    observe: cell("select trim(isolation_level) from stv_db_isolation_level where db_name = 'dev'"),
    seen: 'Snapshot Isolation',
    passedOver: ['serializable', 'read committed'],
  },
  default_transaction_read_only: {
    kind: 'acts',
    value: 'on',
    observe: writes,
    before: 'writes',
    after: 'reads only',
    bad: BOOLEAN,
    atBegin: true,
  },
  describe_field_name_in_uppercase: {
    kind: 'acts',
    value: 'on',
    observe: name('select i as first from many'),
    before: 'first',
    after: 'FIRST',
    bad: BOOLEAN,
  },
  downcase_delimited_identifier: superOnly('on', 'off'),
  enable_case_sensitive_identifier: {
    kind: 'acts',
    value: 'true',
    observe: name('select 1 as "MixedCase"'),
    before: 'mixedcase',
    after: 'MixedCase',
    bad: BOOLEAN,
  },
  enable_case_sensitive_super_attribute: {
    kind: 'acts',
    value: 'true',
    observe: cell(`select coalesce((x.a.B)::int, 0) from (select json_parse('{"B":1}') as a) x`),
    before: '0',
    after: '1',
    bad: BOOLEAN,
  },
  enable_numeric_rounding: {
    kind: 'acts',
    value: 'on',
    observe: cell('select cast(n as numeric(3,1)) from decimals'),
    before: '1.5',
    after: '1.6',
    bad: BOOLEAN,
  },
  enable_result_cache_for_session: { kind: 'permits', value: 'on', bad: BOOLEAN },
  enable_spectrum_oid: superOnly('on', 'off'),
  enable_user_activity_logging: told('false', 'select 1', '1'),
  enable_vacuum_boost: superOnly('off', 'on'),
  error_on_nondeterministic_update: {
    kind: 'acts',
    value: 'true',
    shown: 'on',
    observe: sqlstate('update target set v = source.v from source where target.id = source.id', 'updates'),
    before: 'updates',
    after: '21000',
    bad: BOOLEAN,
  },
  extra_float_digits: {
    kind: 'acts',
    value: '3',
    observe: cell('select 0.1::float8 + 0.2::float8'),
    before: '0.3',
    after: '0.30000000000000004',
    bad: ['4', '-16', 'all'],
  },
  idle_in_transaction_session_timeout: { kind: 'ends', inBlock: true, sqlstate: '25P03', bad: ['-1', 'soon'] },
  idle_session_timeout: { kind: 'ends', inBlock: false, sqlstate: '57P05', bad: ['-1', 'soon'] },
  integer_datetimes: told('on', "select timestamp '2000-01-01 00:00:00.000001' > timestamp '2000-01-01'", 't'),
  interval_forbid_composite_literals: {
    kind: 'acts',
    value: 'off',
    observe: sqlstate("select interval '1 year 1 day' day to second", 'read'),
    before: '22007',
    after: 'read',
    bad: BOOLEAN,
  },
  intervalstyle: {
    kind: 'acts',
    value: 'sql_standard',
    observe: cell("select interval '1-2' year to month"),
    before: '1 year 2 mons',
    after: '1-2',
    bad: ['iso_8601', 'roman'],
  },
  is_superuser: told('on', 'select usesuper from pg_user where usename = current_user', 't'),
  json_parse_dedup_attributes: {
    kind: 'acts',
    value: 'on',
    observe: sqlstate(`select json_parse('{"a":1,"a":2}')`, 'made'),
    before: '22P02',
    after: 'made',
    bad: BOOLEAN,
  },
  json_parse_truncate_strings: {
    kind: 'acts',
    value: 'on',
    observe: sqlstate('select json_size(json_parse(b)) from long_text', 'made'),
    before: '22001',
    after: 'made',
    bad: BOOLEAN,
  },
  json_serialization_enable: superOnly('off', 'on'),
  json_serialization_parse_nested_strings: superOnly('off', 'on'),
  lc_collate: told('C', "select 'B' < 'a'", 't'),
  lc_ctype: told('C', "select lower('Ä')", 'ä'),
  lock_timeout: { kind: 'only', accepted: ['0', "'0s'"], refused: ['100', "'1min'"], bad: ['-1', 'soon'] },
  max_concurrency_scaling_clusters: told(
    '0',
    'select count(*) from stl_query where concurrency_scaling_status = 1',
    '0',
  ),
  max_cursor_result_set_size: { kind: 'only', accepted: ['default', '0'], refused: ['100'], bad: ['-1', 'much'] },
  max_index_keys: told('32', 'select 32', '32'),
  max_recursion_rows: {
    kind: 'acts',
    value: '10',
    observe: sqlstate(
      'with recursive r (n) as (select 1 union all select n + 1 from r where n < 50) select count(*) from r',
      'made',
    ),
    before: 'made',
    after: 'XX000',
    bad: ['0', '-1', 'many'],
  },
  mv_enable_aqmv_for_session: { kind: 'permits', value: 'on', bad: BOOLEAN },
  navigate_super_null_on_error: {
    kind: 'acts',
    value: 'off',
    observe: sqlstate(`select x.a.b from (select json_parse('{"a":1}') as a) x`, 'made'),
    before: 'made',
    after: '22023',
    bad: BOOLEAN,
  },
  parse_super_null_on_error: {
    kind: 'acts',
    value: 'on',
    observe: sqlstate("select json_parse('{')", 'made'),
    before: '22P02',
    after: 'made',
    bad: BOOLEAN,
  },
  password_encryption: { kind: 'only', accepted: ['md5', 'on'], refused: ['sha256', 'off'], bad: [] },
  pg_federation_repeatable_read: superOnly('on', 'off'),
  query_group: {
    kind: 'acts',
    value: 'nightly',
    observe: async (client) => {
      await client.query('select count(*) from many');
      return cell('select trim(label) from stl_query where pid = pg_backend_pid() order by query desc limit 1')(
        client,
      );
    },
    before: 'default',
    after: 'nightly',
    bad: [],
  },
  read_srid_on_shapefile_ingestion: {
    kind: 'acts',
    value: 'off',
    observe: shapes,
    before: '4326',
    after: '0',
    bad: BOOLEAN,
  },
  readonly: {
    kind: 'acts',
    value: '1',
    shown: 'on',
    observe: writes,
    before: 'writes',
    after: 'reads only',
    bad: BOOLEAN,
    atBegin: true,
  },
  enable_large_strings_opt_in: told('off', 'select is_large_string_enabled()', 'f'),
  require_ssl: told('false', 'select 1', '1'),
  role: { kind: 'only', accepted: ['none'], refused: ['someone'], bad: [] },
  search_path: {
    kind: 'acts',
    value: 'settings_other, public',
    observe: cell('select name from whoami'),
    before: 'public',
    after: 'other',
    bad: [],
  },
  seed: {
    kind: 'acts',
    value: '0.5',
    observe: random,
    before: 'drawn',
    after: 'seeded',
    bad: ['-0.1', '1.5', 'dice'],
    keptByResetAll: true,
  },
  server_encoding: told('UTF8', "select length('é') || ' ' || octet_length('é')", '1 2'),
  session_authorization: {
    kind: 'acts',
    value: 'settings_user',
    observe: cell('select current_user'),
    before: 'awsuser',
    after: 'settings_user',
    bad: [],
    keptByResetAll: true,
    noStartup: true,
  },
  spectrum_enable_pseudo_columns: superOnly('on', 'off'),
  spectrum_query_maxerror: { kind: 'only', accepted: ['-1'], refused: ['5'], bad: ['-2', 'some'] },
  // A backslash is an escape in both, as the service has it.
  standard_conforming_strings: {
    kind: 'told',
    value: 'on',
    observe: cell("select 'a\\\\b'"),
    seen: 'a\\b',
    passedOver: ['on', 'off'],
  },
  statement_timeout: {
    kind: 'acts',
    value: '1',
    observe: sqlstate('select count(*) from numbers a, numbers b, numbers c where a.i + b.i <> c.i', 'counts'),
    before: 'counts',
    after: '57014',
    bad: ['-1', 'soon', "'1 fortnight'"],
  },
  stored_proc_log_min_messages: {
    kind: 'acts',
    value: 'WARNING',
    observe: async (client) => {
      await client.query("create or replace procedure noted() as $$ begin raise notice 'n'; end $$ language plpgsql");
      await client.query('call noted()');
      const last = '(select max(query) from svl_stored_proc_call where pid = pg_backend_pid())';
      return cell(`select count(*) from svl_stored_proc_messages where query = ${last}`)(client);
    },
    before: '1',
    after: '0',
    bad: ['all'],
  },
  synchronize_seqscans: superOnly('off', 'on'),
  timezone: {
    kind: 'acts',
    value: 'America/New_York',
    observe: cell("select timestamptz '2020-01-01 00:00:00+00'"),
    before: '2020-01-01 00:00:00+00',
    after: '2019-12-31 19:00:00-05',
    bad: ['Mars/Phobos'],
  },
  transaction_isolation: {
    kind: 'told',
    value: 'repeatable read',
    observe: cell("select trim(isolation_level) from stv_db_isolation_level where db_name = 'dev'"),
    seen: 'Snapshot Isolation',
    passedOver: ['serializable', 'read committed'],
  },
  use_fips_ssl: told('false', 'select 1', '1'),
  wlm_json_configuration: told('[{"query_concurrency":5}]', 'select 1', '1'),
  wlm_query_slot_count: {
    kind: 'acts',
    value: '3',
    observe: async (client) => {
      await client.query('select count(*) from numbers');
      return cell('select slot_count from stl_wlm_query where query = pg_last_query_id()')(client);
    },
    before: '1',
    after: '3',
    bad: ['0', '51', 'all'],
  },
};
