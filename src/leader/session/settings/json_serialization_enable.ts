/**
 * Setting json_serialization_enable: whether nested results are serialised as JSON. What it would change is
 * not there, so only the default is accepted.
 */
import { booleanValue, onlyValue, setting } from './define.ts';

export default setting({
  name: 'json_serialization_enable',
  default: 'off',
  doc: 'Whether nested results are serialised as JSON.',
  validate: onlyValue(booleanValue(), 'off', 'type SUPER'),
});
