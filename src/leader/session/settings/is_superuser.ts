/**
 * Setting is_superuser: Whether the session user is a superuser.
 */
import { readOnlyValue, setting } from './define.ts';

export default setting({
  name: 'is_superuser',
  default: 'off',
  doc: 'Whether the session user is a superuser.',
  validate: readOnlyValue,
  readOnly: true,
  report: 'is_superuser',
});
