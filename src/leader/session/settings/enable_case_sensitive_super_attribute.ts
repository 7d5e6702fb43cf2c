/**
 * Setting enable_case_sensitive_super_attribute: whether plain names of attributes in paths keep their case.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'enable_case_sensitive_super_attribute',
  default: 'false',
  doc: 'Whether plain names of attributes in paths into SUPER values keep their case.',
  validate: booleanValue('true', 'false'),
});
