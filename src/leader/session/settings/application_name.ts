/**
 * Setting application_name: Name the client gives itself.
 */
import { anyText, setting } from './define.ts';

export default setting({
  name: 'application_name',
  default: '',
  doc: 'Name the client gives itself.',
  validate: anyText,
  report: 'application_name',
});
