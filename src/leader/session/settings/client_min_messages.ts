/**
 * Setting client_min_messages: Least level of messages sent to the client.
 */
import { oneOf, setting } from './define.ts';

export default setting({
  name: 'client_min_messages',
  default: 'notice',
  doc: 'Least level of messages sent to the client.',
  validate: oneOf(
    'debug5',
    'debug4',
    'debug3',
    'debug2',
    'debug1',
    'debug',
    'log',
    'info',
    'notice',
    'warning',
    'error',
    'fatal',
    'panic',
  ),
});
