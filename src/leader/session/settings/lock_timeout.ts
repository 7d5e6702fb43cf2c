/**
 * Setting lock_timeout: waits for locks end by statement_timeout; a limit of their own is refused (pg_dump sets 0).
 */
import { durationMs, onlyValue, setting } from './define.ts';

export default setting({
  name: 'lock_timeout',
  default: '0',
  doc: 'Milliseconds a statement may wait for a lock; only 0, no limit.',
  validate: onlyValue(durationMs, '0', 'limit on lock waits alone; set statement_timeout'),
});
