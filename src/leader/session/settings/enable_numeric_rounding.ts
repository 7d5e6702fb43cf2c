/**
 * Setting enable_numeric_rounding: Whether numeric division results are rounded.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'enable_numeric_rounding',
  default: 'off',
  doc: 'Whether numeric division results are rounded.',
  validate: booleanValue(),
});
