/**
 * Setting intervalstyle: output form of intervals.
 */
import { INTERVAL_STYLES } from '../../../types/date-style.ts';
import { oneOf, setting } from './define.ts';

export default setting({
  name: 'intervalstyle',
  default: 'postgres',
  doc: 'Output form of intervals.',
  validate: oneOf(...INTERVAL_STYLES),
});
