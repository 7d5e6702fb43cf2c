/**
 * Setting max_concurrency_scaling_clusters: Scaling clusters a queue may use.
 */
import { integerValue, setting } from './define.ts';

export default setting({
  name: 'max_concurrency_scaling_clusters',
  default: '1',
  doc: 'Scaling clusters a queue may use.',
  validate: integerValue(0, 10),
});
