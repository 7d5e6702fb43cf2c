/**
 * Codes that WebAssembly code stores at ctx+ERROR_CODE, and what they become. `$1` is the argument text. Kernels repeat
 * the numbers in src/wasm/runtime/errors.ts; a test keeps the two equal.
 */
export interface RuntimeError {
  readonly name: string;
  readonly sqlstate: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
}
export const RUNTIME_ERRORS: Readonly<Record<number, RuntimeError>> = {
  1: { name: 'DIVISION_BY_ZERO', sqlstate: '22012', message: 'division by zero' },
  2: { name: 'SMALLINT_RANGE', sqlstate: '22003', message: 'smallint out of range' },
  3: { name: 'INTEGER_RANGE', sqlstate: '22003', message: 'integer out of range' },
  4: { name: 'BIGINT_RANGE', sqlstate: '22003', message: 'bigint out of range' },
  5: { name: 'NUMERIC_OVERFLOW', sqlstate: '22003', message: 'Numeric data overflow (result precision)' },
  6: { name: 'NUMERIC_FIELD_OVERFLOW', sqlstate: '22003', message: 'numeric field overflow' },
  7: { name: 'NUMERIC128_OVERFLOW', sqlstate: '22003', message: '128 bit numeric data overflow ($1)' },
  8: { name: 'INVALID_INTEGER', sqlstate: '22P02', message: 'invalid input syntax for integer: "$1"' },
  9: { name: 'INVALID_NUMERIC', sqlstate: '22P02', message: 'invalid input syntax for type numeric: "$1"' },
  10: { name: 'INVALID_FLOAT', sqlstate: '22P02', message: 'invalid input syntax for type double precision: "$1"' },
  11: { name: 'INVALID_BOOL', sqlstate: '22P02', message: 'invalid input syntax for type boolean: "$1"' },
  12: { name: 'INVALID_DATE', sqlstate: '22007', message: 'invalid input syntax for type date: "$1"' },
  13: { name: 'INVALID_TIMESTAMP', sqlstate: '22007', message: 'invalid input syntax for type timestamp: "$1"' },
  14: { name: 'INVALID_TIME', sqlstate: '22007', message: 'invalid input syntax for type time: "$1"' },
  15: { name: 'DATETIME_RANGE', sqlstate: '22008', message: 'date/time field value out of range: "$1"' },
  16: { name: 'VALUE_TOO_LONG', sqlstate: '22001', message: 'value too long for type $1' },
  17: {
    name: 'OUT_OF_MEMORY',
    sqlstate: '53200',
    message: 'Out Of Memory: the query needs more memory than its slice may use',
  },
  18: {
    name: 'MORE_THAN_ONE_ROW',
    sqlstate: '21000',
    message: 'more than one row returned by a subquery used as an expression',
  },
  19: { name: 'NOT_NULL', sqlstate: '23502', message: 'null value in column "$1" violates not-null constraint' },
  20: { name: 'FLOAT_RANGE', sqlstate: '22003', message: 'value out of range: overflow' },
  21: { name: 'INVALID_PARAMETER', sqlstate: '22023', message: '$1' },
  22: { name: 'INVALID_UTF8', sqlstate: '22021', message: 'invalid byte sequence for encoding "UTF8": $1' },
  23: {
    name: 'MULTIBYTE_CHAR',
    sqlstate: '22021',
    message: 'invalid ASCII character: "$1". CHAR holds single-byte characters only; use VARCHAR for others',
  },
  24: { name: 'INTERVAL_INPUT', sqlstate: '22007', message: 'invalid input syntax for type interval: "$1"' },
  25: { name: 'NEGATIVE_LENGTH', sqlstate: '22011', message: 'negative substring length not allowed' },
  26: { name: 'UNKNOWN_DATEPART', sqlstate: '22023', message: 'timestamp units "$1" not recognized' },
  27: { name: 'NEGATIVE_SQRT', sqlstate: '2201F', message: 'cannot take square root of a negative number' },
  28: { name: 'LOG_DOMAIN', sqlstate: '2201E', message: '$1' },
  29: { name: 'INVALID_REGEX', sqlstate: '2201B', message: 'Invalid regular expression: $1' },
  30: { name: 'LISTAGG_LIMIT', sqlstate: 'XX000', message: 'Result size exceeds LISTAGG limit' },
  31: { name: 'BAD_LIKE_ESCAPE', sqlstate: '22025', message: 'LIKE pattern must not end with escape character' },
  32: { name: 'NEGATIVE_LIMIT', sqlstate: '22023', message: '$1 must not be negative' },
  33: { name: 'INVALID_ARRAY', sqlstate: '22P02', message: 'malformed array literal: "$1"' },
  34: { name: 'INVALID_JSON_OBJECT', sqlstate: 'XX000', message: 'invalid json object $1', detail: 'code: 8001' },
  35: {
    name: 'INVALID_JSON_ARRAY',
    sqlstate: 'XX000',
    message: 'invalid json array object $1',
    detail: 'code: 8001',
  },
  36: {
    name: 'REGEX_TOO_COMPLEX',
    sqlstate: '54001',
    message: 'regular expression is too complex for a text like this one',
  },
  40: { name: 'DATETIME_RESULT', sqlstate: '22008', message: '$1 out of range' },
  41: { name: 'NTILE_GROUPS', sqlstate: '22014', message: 'argument of ntile must be greater than zero' },
  42: { name: 'NTH_VALUE_ROW', sqlstate: '22016', message: 'argument of nth_value must be greater than zero' },
  43: { name: 'NEGATIVE_OFFSET', sqlstate: '22023', message: 'offset of lag and lead must not be negative' },
  44: {
    name: 'INTERVAL_PATTERN',
    sqlstate: '22007',
    message: 'invalid format specification for an interval value',
    hint: 'Intervals are not tied to specific calendar dates.',
  },
  45: { name: 'FLOAT_UNDERFLOW', sqlstate: '22003', message: 'value out of range: underflow' },
  46: { name: 'FLOAT8_TEXT', sqlstate: '22003', message: '"$1" is out of range for type double precision' },
  47: { name: 'FLOAT4_TEXT', sqlstate: '22003', message: '"$1" is out of range for type real' },
  48: { name: 'DATE_FIELD_RANGE', sqlstate: '22008', message: 'date/time field date value out of range: $1' },
  49: { name: 'TIME_FIELD_RANGE', sqlstate: '22008', message: 'date/time field time value out of range: $1' },
  50: { name: 'INVALID_SKETCH', sqlstate: '22P02', message: 'invalid input syntax for type hllsketch: "$1"' },
  51: { name: 'PERCENTILE_RANGE', sqlstate: '22003', message: 'a percentile must be between 0 and 1' },
  60: {
    name: 'MULTIPLE_MATCHES',
    sqlstate: '21000',
    message: 'Found multiple matches to update the same tuple.',
  },
  70: { name: 'INVALID_JSON', sqlstate: '22P02', message: 'invalid JSON, wrong from here on: "$1"' },
  71: {
    name: 'SUPER_DUPLICATE_KEY',
    sqlstate: '22P02',
    message: 'a SUPER object cannot have two attributes of one name',
  },
  72: { name: 'SUPER_NESTING', sqlstate: '54001', message: 'a SUPER value cannot be nested deeper than 1000 levels' },
  73: {
    name: 'SUPER_STRING_TOO_LONG',
    sqlstate: '22001',
    message: 'a string in a SUPER value is longer than $1 bytes',
  },
  74: { name: 'SUPER_TOO_LARGE', sqlstate: '54000', message: 'a SUPER value cannot be larger than 16777216 bytes' },
  75: { name: 'SUPER_TEXT_TOO_LONG', sqlstate: '22001', message: 'the text of the SUPER value is too long' },
  76: { name: 'SUPER_PATH', sqlstate: '22023', message: 'the path does not exist in the SUPER value' },
  77: { name: 'SUPER_CAST', sqlstate: '22023', message: 'the SUPER value cannot be cast to this type' },
  78: { name: 'SUPER_NULL_KEY', sqlstate: '22004', message: 'a name of an attribute cannot be NULL' },
  79: {
    name: 'SUPER_CASE_CLASH',
    sqlstate: 'XX000',
    message: 'Invalid input',
    detail: [
      '-----------------------------------------------',
      '  error:  Invalid input',
      '  code:      8001',
      '  context:   SUPER value has duplicate attributes after case conversion.',
      '-----------------------------------------------',
    ].join('\n'),
  },
  80: {
    name: 'UNLOAD_FIELD_WIDTH',
    sqlstate: '22001',
    message: 'a value is longer than the width that FIXEDWIDTH gives its field',
  },
};
