/**
 * Setting json_serialization_enable: Whether nested results are serialised as JSON.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'json_serialization_enable',
  default: 'off',
  doc: 'Whether nested results are serialised as JSON.',
  validate: booleanValue(),
});
