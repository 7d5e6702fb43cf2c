/**
 * Setting spectrum_query_maxerror: Bad rows an external scan may skip; -1 means none are counted.
 */
import { integerValue, setting } from './define.ts';

export default setting({
  name: 'spectrum_query_maxerror',
  default: '-1',
  doc: 'Bad rows an external scan may skip; -1 means none are counted.',
  validate: integerValue(-1, 2147483647),
});
