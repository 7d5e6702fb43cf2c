/**
 * Setting max_cursor_result_set_size: Deprecated; accepted without effect.
 */
import { anyText, setting } from './define.ts';

export default setting({
  name: 'max_cursor_result_set_size',
  default: 'default',
  doc: 'Deprecated; accepted without effect.',
  validate: anyText,
});
