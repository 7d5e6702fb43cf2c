/**
 * Setting json_parse_dedup_attributes: whether JSON_PARSE keeps the last of the attributes of one name, instead of failing.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'json_parse_dedup_attributes',
  default: 'off',
  doc: 'Whether JSON_PARSE keeps the last of the attributes of one name, instead of failing.',
  validate: booleanValue(),
});
