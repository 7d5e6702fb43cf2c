/**
 * Setting enable_spectrum_oid: Whether external tables have $spectrum_oid.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'enable_spectrum_oid',
  default: 'on',
  doc: 'Whether external tables have $spectrum_oid.',
  validate: booleanValue(),
});
