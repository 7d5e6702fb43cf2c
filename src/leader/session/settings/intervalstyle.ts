/**
 * Setting intervalstyle: Output form of intervals.
 */
import { oneOf, setting } from './define.ts';

export default setting({
  name: 'intervalstyle',
  default: 'postgres',
  doc: 'Output form of intervals.',
  validate: oneOf('postgres'),
});
