/**
 * Setting lc_collate: Collation of the database.
 */
import { readOnlyValue, setting } from './define.ts';

export default setting({
  name: 'lc_collate',
  default: 'C',
  doc: 'Collation of the database.',
  validate: readOnlyValue,
  readOnly: true,
});
