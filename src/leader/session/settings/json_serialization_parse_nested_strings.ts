/**
 * Setting json_serialization_parse_nested_strings: Whether JSON strings inside nested results are parsed.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'json_serialization_parse_nested_strings',
  default: 'off',
  doc: 'Whether JSON strings inside nested results are parsed.',
  validate: booleanValue(),
});
