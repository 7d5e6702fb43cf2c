/**
 * Setting idle_session_timeout: Accepted for clients that set it; milliseconds.
 */
import { durationMs, setting } from './define.ts';

export default setting({
  name: 'idle_session_timeout',
  default: '0',
  doc: 'Accepted for clients that set it; milliseconds.',
  validate: durationMs,
});
