/**
 * Setting enable_vacuum_boost: VACUUM has no second gear here, so only the default is accepted.
 */
import { booleanValue, onlyValue, setting } from './define.ts';

export default setting({
  name: 'enable_vacuum_boost',
  default: 'off',
  doc: 'Whether VACUUM runs with BOOST by default; only off.',
  validate: onlyValue(booleanValue(), 'off', 'VACUUM BOOST'),
});
