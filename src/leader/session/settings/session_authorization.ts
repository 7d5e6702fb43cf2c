/**
 * Setting session_authorization: User the session acts as; only a superuser may change it.
 */
import { anyText, setting } from './define.ts';

export default setting({
  name: 'session_authorization',
  default: '',
  keptByResetAll: true,
  doc: 'User the session acts as; only a superuser may change it.',
  validate: anyText,
  report: 'session_authorization',
});
