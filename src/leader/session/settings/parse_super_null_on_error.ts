/**
 * Setting parse_super_null_on_error: whether JSON_PARSE of text that is no JSON gives NULL.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'parse_super_null_on_error',
  default: 'off',
  doc: 'Whether JSON_PARSE of text that is no JSON gives NULL.',
  validate: booleanValue(),
});
