/**
 * Setting enable_user_activity_logging: Whether every query text goes to the activity log.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'enable_user_activity_logging',
  default: 'false',
  doc: 'Whether every query text goes to the activity log.',
  validate: booleanValue('true', 'false'),
});
