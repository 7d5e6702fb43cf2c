/**
 * Setting spectrum_enable_pseudo_columns: Whether external tables have pseudo columns.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'spectrum_enable_pseudo_columns',
  default: 'on',
  doc: 'Whether external tables have pseudo columns.',
  validate: booleanValue(),
});
