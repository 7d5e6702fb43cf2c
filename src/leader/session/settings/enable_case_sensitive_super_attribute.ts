/**
 * Setting enable_case_sensitive_super_attribute: whether names inside SUPER values keep their case. What it would change is
 * not there, so only the default is accepted.
 */
import { booleanValue, onlyValue, setting } from './define.ts';

export default setting({
  name: 'enable_case_sensitive_super_attribute',
  default: 'false',
  doc: 'Whether names inside SUPER values keep their case.',
  validate: onlyValue(booleanValue('true', 'false'), 'false', 'type SUPER'),
});
