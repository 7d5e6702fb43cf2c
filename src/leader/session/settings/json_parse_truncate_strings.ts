/**
 * Setting json_parse_truncate_strings: whether JSON_PARSE cuts strings that are longer than a SUPER value holds.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'json_parse_truncate_strings',
  default: 'off',
  doc: 'Whether JSON_PARSE cuts strings that are longer than a SUPER value holds, instead of failing.',
  validate: booleanValue(),
});
