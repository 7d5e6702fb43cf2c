/**
 * Setting readonly: Whether new transactions are read-only (name used by the JDBC driver).
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'readonly',
  default: 'off',
  doc: 'Whether new transactions are read-only (name used by the JDBC driver).',
  validate: booleanValue(),
});
