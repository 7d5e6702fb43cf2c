/**
 * Settings that decide how a statement is analysed: one that is prepared holds under the values it was prepared under only.
 */
export const DECIDING_SETTINGS: readonly string[] = [
  'enable_numeric_rounding',
  'navigate_super_null_on_error',
  'cast_super_null_on_error',
  'parse_super_null_on_error',
  'json_parse_dedup_attributes',
  'enable_case_sensitive_super_attribute',
  'default_array_search_null_handling',
];
