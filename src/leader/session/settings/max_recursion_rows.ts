/**
 * Setting max_recursion_rows: rows that the rounds of a recursive CTE may make; with more its query ends. What the service's
 * default is nobody says.
 */
import { integerValue, setting } from './define.ts';

export default setting({
  name: 'max_recursion_rows',
  default: '1000000',
  doc: 'Rows that a recursive common table expression may make before its query ends with an error.',
  validate: integerValue(1, 2147483647),
});
