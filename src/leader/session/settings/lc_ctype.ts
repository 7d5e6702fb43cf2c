/**
 * Setting lc_ctype: Character classes of the database.
 */
import { readOnlyValue, setting } from './define.ts';

export default setting({
  name: 'lc_ctype',
  default: 'C',
  doc: 'Character classes of the database.',
  validate: readOnlyValue,
  readOnly: true,
});
