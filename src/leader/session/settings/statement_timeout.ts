/**
 * Setting statement_timeout: Milliseconds a statement may run; 0 means no limit.
 */
import { durationMs, setting } from './define.ts';

export default setting({
  name: 'statement_timeout',
  default: '0',
  doc: 'Milliseconds a statement may run; 0 means no limit.',
  validate: durationMs,
});
