/**
 * FNV-1a 64 over the bytes a value is kept in, the least significant one first, with the seed in place of the offset basis
 * when given.
 */
import { INT8, TYPE_INFO, varbyte, type SqlType } from '../../../types/sql-type.ts';
import type { ArgType } from '../../define.ts';
import { scalar } from '../../define.ts';
import { call, cast, int4, wide } from '../../expand-nodes.ts';

const KERNELS: readonly (readonly [ArgType, string])[] = [
  ['string', 'fnv_str'],
  ['int2', 'fnv_int2'],
  ['int4', 'fnv_int4'],
  ['int8', 'fnv_int8'],
  ['bool', 'fnv_bool'],
  ['float4', 'fnv_float4'],
  ['float8', 'fnv_float8'],
  ['varbyte', 'fnv_str'],
  ['date', 'fnv_int4'],
  ['time', 'fnv_int8'],
  ['timestamp', 'fnv_int8'],
  ['timestamptz', 'fnv_int8'],
];
const VARBYTE_AT = KERNELS.findIndex(([type]) => type === 'varbyte');
/** Without a seed, then with one; last decimals, which fnv_wide takes. */
const DECIMAL_AT = 2 * KERNELS.length;
const OFFSET_BASIS = -3750763034362895579n;
const UNDOCUMENTED: readonly SqlType['name'][] = [
  ...(['timetz', 'interval', 'intervaly2m', 'intervald2s'] as const),
  ...(['super', 'hllsketch', 'geometry', 'geography'] as const),
];

export default scalar({
  name: 'fnv_hash',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'FNV-1a 64 over the bytes of a value, with the seed in place of the offset basis when given. Blanks of CHAR count.',
  unsupported: ([value]) =>
    value !== undefined && UNDOCUMENTED.includes(value.name)
      ? `fnv_hash of ${TYPE_INFO[value.name].sqlName} is not supported: the bytes of such values are not documented`
      : undefined,
  signatures: [
    ...KERNELS.map(([type, kernel]) => ({ args: [type], returns: INT8, kernel })),
    ...KERNELS.map(([type, kernel]) => ({ args: [type, 'int8'] as const, returns: INT8, kernel: `${kernel}_seed` })),
    { args: ['numeric'], returns: INT8 },
    { args: ['numeric', 'int8'], returns: INT8 },
  ],
  examples: [
    ["fnv_hash('Amazon Redshift')", '7783490368944507294'],
    ['fnv_hash(1::int)', '-5968735742475085980'],
    ["fnv_hash('Amazon Redshift', fnv_hash(1))", '-2202602717770968555'],
    ["fnv_hash('ab'::char(3)) = fnv_hash('ab ')", 't'],
  ],
  expand: (args, type, signature) => {
    const [value, seed] = args;
    if (signature >= DECIMAL_AT) {
      const bytes = int4((value!.type.precision ?? 18) <= 19 ? 8 : 16);
      const start = seed ?? ({ kind: 'const', type: INT8, value: OFFSET_BASIS } as const);
      return call('fnv_wide', 0, type, [wide(value!), bytes, start]);
    }
    const { name, length } = value!.type;
    if (name !== 'char' || length === undefined) return call('fnv_hash', signature, type, args);
    const padded = cast(value!, varbyte(length));
    return call('fnv_hash', signature + VARBYTE_AT, type, seed === undefined ? [padded] : [padded, seed]);
  },
});
