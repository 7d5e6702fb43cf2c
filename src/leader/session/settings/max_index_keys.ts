/**
 * Setting max_index_keys: Most columns of a key.
 */
import { readOnlyValue, setting } from './define.ts';

export default setting({
  name: 'max_index_keys',
  default: '32',
  doc: 'Most columns of a key.',
  validate: readOnlyValue,
  readOnly: true,
});
