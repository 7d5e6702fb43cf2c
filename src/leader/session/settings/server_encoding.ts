/**
 * Setting server_encoding: Encoding of the database.
 */
import { readOnlyValue, setting } from './define.ts';

export default setting({
  name: 'server_encoding',
  default: 'UTF8',
  doc: 'Encoding of the database.',
  validate: readOnlyValue,
  readOnly: true,
});
