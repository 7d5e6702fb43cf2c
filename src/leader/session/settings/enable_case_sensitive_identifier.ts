/**
 * Setting enable_case_sensitive_identifier: Whether quoted identifiers keep their case.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'enable_case_sensitive_identifier',
  default: 'false',
  doc: 'Whether quoted identifiers keep their case.',
  validate: booleanValue('true', 'false'),
});
