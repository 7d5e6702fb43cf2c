/**
 * Setting default_transaction_read_only: Whether new transactions are read-only.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'default_transaction_read_only',
  default: 'off',
  doc: 'Whether new transactions are read-only.',
  validate: booleanValue(),
});
