/**
 * Setting integer_datetimes: Timestamps are integers.
 */
import { readOnlyValue, setting } from './define.ts';

export default setting({
  name: 'integer_datetimes',
  default: 'on',
  doc: 'Timestamps are integers.',
  validate: readOnlyValue,
  readOnly: true,
});
