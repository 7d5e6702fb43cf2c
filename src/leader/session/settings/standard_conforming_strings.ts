/**
 * Setting standard_conforming_strings: Accepted for clients that set it; a backslash in a string literal stays an escape.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'standard_conforming_strings',
  default: 'on',
  doc: 'Accepted for clients that set it; a backslash in a string literal stays an escape.',
  validate: booleanValue(),
});
