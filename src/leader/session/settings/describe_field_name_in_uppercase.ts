/**
 * Setting describe_field_name_in_uppercase: Whether result column names are sent in upper case.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'describe_field_name_in_uppercase',
  default: 'off',
  doc: 'Whether result column names are sent in upper case.',
  validate: booleanValue(),
});
