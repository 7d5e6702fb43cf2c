/**
 * Setting spectrum_enable_pseudo_columns: whether external tables have pseudo columns. What it would change is
 * not there, so only the default is accepted.
 */
import { booleanValue, onlyValue, setting } from './define.ts';

export default setting({
  name: 'spectrum_enable_pseudo_columns',
  default: 'on',
  doc: 'Whether external tables have pseudo columns.',
  validate: onlyValue(booleanValue(), 'on', 'external tables'),
});
