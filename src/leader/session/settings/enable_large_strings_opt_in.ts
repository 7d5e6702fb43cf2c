/**
 * Setting enable_large_strings_opt_in: Whether texts in memory may have up to 16,000,000 bytes, else 65,535. A parameter of the
 * cluster: the server is told of it when it starts (--large-strings).
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'enable_large_strings_opt_in',
  default: 'off',
  doc: 'Whether texts in memory and strings in SUPER values may have up to 16,000,000 bytes, else 65,535; told by --large-strings.',
  validate: booleanValue('on', 'off'),
  readOnly: true,
});
