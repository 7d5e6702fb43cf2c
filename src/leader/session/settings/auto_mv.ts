/**
 * Setting auto_mv: Whether materialized views are made automatically.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'auto_mv',
  default: 'true',
  doc: 'Whether materialized views are made automatically.',
  validate: booleanValue('true', 'false'),
});
