/**
 * Setting check_function_bodies: Whether routine bodies are checked when created.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'check_function_bodies',
  default: 'on',
  doc: 'Whether routine bodies are checked when created.',
  validate: booleanValue(),
});
