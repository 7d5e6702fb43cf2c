/**
 * Setting extra_float_digits: Digits added to the default precision of printed floats.
 */
import { integerValue, setting } from './define.ts';

export default setting({
  name: 'extra_float_digits',
  default: '0',
  doc: 'Digits added to the default precision of printed floats.',
  validate: integerValue(-15, 3),
});
