/**
 * Names of the functions Amazon Redshift has, by the chapter of its manual. A name that is here and not in the registry
 * is refused with 0A000; any other unknown name does not exist (42883). What is syntax (CASE, CAST) and the Postgres
 * functions that Redshift itself refuses are left out. Read by the analyser and by tools/compatibility.ts.
 */

const NAMES: Readonly<Record<string, string>> = {
  aggregate: `
    any_value percentile_disc avg count listagg max min median percentile_cont stddev_samp stddev
    stddev_pop sum var_samp variance var_pop grouping
  `,
  'bitwise-aggregate': `
    bit_and bit_or bool_and bool_or
  `,
  window: `
    cume_dist dense_rank first_value last_value lag lead nth_value ntile percent_rank rank
    ratio_to_report row_number
  `,
  conditional: `
    coalesce decode greatest least nvl nvl2 nullif
  `,
  array: `
    array array_concat array_contains array_distinct array_except array_flatten array_intersection
    array_position array_positions array_sort array_union arrays_overlap get_array_length split_to_array
    subarray
  `,
  object: `
    object get_number_attributes lower_attribute_names upper_attribute_names object_transform
  `,
  'super-type': `
    decimal_precision decimal_scale is_array is_object is_scalar is_boolean is_varchar is_char
    is_decimal is_float is_smallint is_integer is_bigint json_size json_typeof size
  `,
  json: `
    is_valid_json is_valid_json_array json_array_length json_extract_array_element_text
    json_extract_path_text json_parse can_json_parse json_serialize json_serialize_to_varbyte
  `,
  datetime: `
    add_months convert_timezone current_date date_cmp date_cmp_timestamp timestamp_cmp_date
    date_cmp_timestamptz timestamptz_cmp_date timestamp_cmp timestamp_cmp_timestamptz timestamptz_cmp
    timestamptz_cmp_timestamp dateadd date_add datediff date_diff date_part date_part_year date_trunc
    extract getdate interval_cmp last_day months_between next_day sysdate timeofday timezone
    to_timestamp trunc current_time current_timestamp localtime localtimestamp now age isfinite
  `,
  hash: `
    checksum farmfingerprint64 fnv_hash func_sha1 sha sha1 md5 sha2 murmur3_32_hash crc32
  `,
  hll: `
    hll hll_create_sketch hll_cardinality hll_combine hll_combine_sketches
  `,
  math: `
    abs acos asin atan cos sin tan cot atan2 cbrt ceil ceiling floor degrees radians dexp exp dlog1 ln
    dlog10 log mod pi pow power random round sign sqrt factorial
  `,
  string: `
    concat ascii bpcharcmp bttext_pattern_cmp btrim char_length character_length len length textlen
    charindex chr collate difference initcap left right lower upper lpad rpad ltrim rtrim trim
    octet_length octetindex position strpos quote_ident quote_literal regexp_count regexp_instr
    regexp_replace regexp_substr repeat replicate replace reverse soundex split_part strtol substring
    substr translate get_byte set_byte set_bit to_ascii
  `,
  'type-formatting': `
    to_char to_date to_number text_to_int_alt text_to_numeric_alt to_hex
  `,
  varbyte: `
    from_hex from_varbyte to_varbyte getbit
  `,
  'system-admin': `
    change_query_priority change_session_priority change_user_priority current_setting set_config
    pg_cancel_backend pg_terminate_backend reboot_cluster
  `,
  'system-info': `
    current_aws_account current_database current_namespace current_schema current_schemas current_user
    user session_user current_user_id current_session_arn db_collation default_iam_role get_mounted_role
    has_assumerole_privilege has_database_privilege has_schema_privilege has_table_privilege
    last_user_query_id pg_backend_pid pg_get_cols pg_get_grantee_by_iam_role pg_get_iam_role_by_user
    pg_get_late_binding_view_cols pg_get_session_roles pg_last_copy_count pg_last_unload_count
    pg_last_copy_id pg_last_unload_id pg_last_query_id slice_num role_is_member_of user_is_member_of
    version pg_timezone_names pg_timezone_abbrevs is_large_string_enabled
  `,
  ml: `
    explain_model
  `,
  spatial: `
    addbbox dropbbox supportsbbox geometrytype st_addpoint st_angle st_area st_asbinary st_asewkb
    st_asewkt st_asgeojson st_ashexwkb st_ashexewkb st_astext st_azimuth st_boundary st_buffer
    st_centroid st_collect st_contains st_containsproperly st_convexhull st_coveredby st_covers
    st_crosses st_dimension st_disjoint st_distance st_distancesphere st_dwithin st_endpoint st_envelope
    st_equals st_exteriorring st_force2d st_force3d st_force3dm st_force3dz st_force4d st_geohash
    st_geogfromtext st_geogfromwkb st_geometryn st_geometrytype st_geomfromewkb st_geomfromewkt
    st_geomfromgeohash st_geomfromgeojson st_geomfromgeosquare st_geosquare st_geomfromtext
    st_geomfromwkb st_interiorringn st_intersects st_intersection st_ispolygonccw st_ispolygoncw
    st_isclosed st_iscollection st_isempty st_isring st_issimple st_isvalid st_length st_lengthsphere
    st_length2d st_linefrommultipoint st_lineinterpolatepoint st_m st_makeenvelope st_makeline
    st_makepoint st_makepolygon st_memsize st_mmax st_mmin st_multi st_ndims st_npoints st_nrings
    st_numgeometries st_numinteriorrings st_numpoints st_perimeter st_perimeter2d st_point st_pointn
    st_points st_polygon st_removepoint st_reverse st_setpoint st_setsrid st_simplify st_srid
    st_startpoint st_touches st_transform st_union st_within st_x st_xmax st_xmin st_y st_ymax st_ymin
    st_z st_zmax st_zmin h3_boundary h3_center h3_fromlonglat h3_frompoint h3_isvalid h3_polyfill
    h3_resolution h3_tochildren h3_toparent
  `,
};

/** Every name, folded, sorted. */
export const REDSHIFT_FUNCTIONS: readonly string[] = Object.values(NAMES)
  .flatMap((list) => list.trim().split(/\s+/))
  .sort();
const KNOWN: ReadonlySet<string> = new Set(REDSHIFT_FUNCTIONS);

export const isRedshiftFunction = (name: string): boolean => KNOWN.has(name);

const ASSUMEROLE = 'IAM roles cannot be granted here';
const BYTEA = 'it works on BYTEA, which there is not';
/** Why one that is not in the registry is not carried out. */
const REASONS: Readonly<Record<string, string>> = {
  current_aws_account: 'no AWS account is behind this cluster',
  explain_model: 'there are no models',
  get_byte: BYTEA,
  get_mounted_role: 'databases cannot be mounted from a data catalog',
  pg_get_grantee_by_iam_role: ASSUMEROLE,
  pg_get_iam_role_by_user: ASSUMEROLE,
  set_bit: BYTEA,
  set_byte: BYTEA,
  to_ascii: 'texts are UTF-8, from which there is no such conversion',
};
/** Nothing where it is still to come. */
export const refusalOf = (name: string): string => REASONS[name] ?? '';

/** Those that are written without parentheses. */
export const REDSHIFT_BARE_FUNCTIONS: readonly string[] = ['current_aws_account', 'current_namespace'];
