/**
 * Setting idle_in_transaction_session_timeout: Milliseconds a session may be idle inside a transaction block before it is ended; 0 means no limit.
 */
import { durationMs, setting } from './define.ts';

export default setting({
  name: 'idle_in_transaction_session_timeout',
  default: '0',
  doc: 'Milliseconds a session may be idle inside a transaction block before it is ended; 0 means no limit.',
  validate: durationMs,
});
