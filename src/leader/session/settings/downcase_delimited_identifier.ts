/**
 * Setting downcase_delimited_identifier: whether quoted identifiers are folded to lower case. What it would change is
 * not there, so only the default is accepted.
 */
import { booleanValue, onlyValue, setting } from './define.ts';

export default setting({
  name: 'downcase_delimited_identifier',
  default: 'on',
  doc: 'Whether quoted identifiers are folded to lower case.',
  validate: onlyValue(booleanValue(), 'on', 'such rule of its own; set enable_case_sensitive_identifier'),
});
