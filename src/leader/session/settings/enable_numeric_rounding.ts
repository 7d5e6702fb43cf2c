/**
 * Setting enable_numeric_rounding: Whether casts of NUMERIC values to fewer decimals round (on) or cut them off (off).
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'enable_numeric_rounding',
  default: 'off',
  doc: 'Whether casts of NUMERIC values to fewer decimals round (on) or cut them off (off).',
  validate: booleanValue(),
});
