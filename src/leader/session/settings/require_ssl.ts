/**
 * Setting require_ssl: Whether plain connections are refused.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'require_ssl',
  default: 'false',
  doc: 'Whether plain connections are refused.',
  validate: booleanValue('true', 'false'),
  readOnly: true,
});
