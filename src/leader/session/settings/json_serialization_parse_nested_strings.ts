/**
 * Setting json_serialization_parse_nested_strings: whether JSON strings inside nested results are parsed. What it would change is
 * not there, so only the default is accepted.
 */
import { booleanValue, onlyValue, setting } from './define.ts';

export default setting({
  name: 'json_serialization_parse_nested_strings',
  default: 'off',
  doc: 'Whether JSON strings inside nested results are parsed.',
  validate: onlyValue(booleanValue(), 'off', 'type SUPER'),
});
