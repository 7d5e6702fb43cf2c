/**
 * Setting max_concurrency_scaling_clusters: a parameter of the cluster, shown and never set.
 */
import { readOnlyValue, setting } from './define.ts';

export default setting({
  name: 'max_concurrency_scaling_clusters',
  default: '0',
  doc: 'Scaling clusters a queue may use; there are none.',
  validate: readOnlyValue,
  readOnly: true,
});
