/**
 * Setting enable_spectrum_oid: whether external tables have $spectrum_oid. What it would change is
 * not there, so only the default is accepted.
 */
import { booleanValue, onlyValue, setting } from './define.ts';

export default setting({
  name: 'enable_spectrum_oid',
  default: 'on',
  doc: 'Whether external tables have $spectrum_oid.',
  validate: onlyValue(booleanValue(), 'on', 'external tables'),
});
