/**
 * Setting spectrum_query_maxerror: bad rows an external scan may skip. There are no external tables, so only the default
 * is accepted.
 */
import { integerValue, onlyValue, setting } from './define.ts';

export default setting({
  name: 'spectrum_query_maxerror',
  default: '-1',
  doc: 'Bad rows an external scan may skip; -1 means none are counted.',
  validate: onlyValue(integerValue(-1, 2147483647), '-1', 'external tables'),
});
