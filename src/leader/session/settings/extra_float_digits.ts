/**
 * Setting extra_float_digits: Digits added to the default precision of printed floats.
 */
import { integerValue, setting } from './define.ts';

export default setting({
  name: 'extra_float_digits',
  default: '0',
  doc: 'Digits added to the 15 of double precision and the 6 of real; 3 prints the fewest that read back.',
  validate: integerValue(-15, 3),
});
