/**
 * Setting use_fips_ssl: Whether TLS is limited to FIPS modules.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'use_fips_ssl',
  default: 'false',
  doc: 'Whether TLS is limited to FIPS modules.',
  validate: booleanValue('true', 'false'),
  readOnly: true,
});
