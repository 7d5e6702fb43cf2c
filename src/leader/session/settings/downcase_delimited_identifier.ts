/**
 * Setting downcase_delimited_identifier: Whether quoted identifiers are folded to lower case.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'downcase_delimited_identifier',
  default: 'on',
  doc: 'Whether quoted identifiers are folded to lower case.',
  validate: booleanValue(),
});
