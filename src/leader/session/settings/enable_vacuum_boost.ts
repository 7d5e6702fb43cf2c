/**
 * Setting enable_vacuum_boost: Whether VACUUM runs with BOOST by default.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'enable_vacuum_boost',
  default: 'off',
  doc: 'Whether VACUUM runs with BOOST by default.',
  validate: booleanValue(),
});
