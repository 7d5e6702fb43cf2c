/**
 * Setting enable_case_sensitive_super_attribute: Whether names inside SUPER values keep their case.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'enable_case_sensitive_super_attribute',
  default: 'false',
  doc: 'Whether names inside SUPER values keep their case.',
  validate: booleanValue('true', 'false'),
});
