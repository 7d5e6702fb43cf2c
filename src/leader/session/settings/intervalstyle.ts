/**
 * Setting intervalstyle: output form of intervals. Redshift has one form; others are refused.
 */
import { oneOf, onlyValue, setting } from './define.ts';

export default setting({
  name: 'intervalstyle',
  default: 'postgres',
  doc: 'Output form of intervals.',
  validate: onlyValue(
    oneOf('postgres', 'postgres_verbose', 'sql_standard', 'iso_8601'),
    'postgres',
    'other output form of intervals',
  ),
});
