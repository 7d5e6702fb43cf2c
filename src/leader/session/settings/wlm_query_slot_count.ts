/**
 * Setting wlm_query_slot_count: there are no queues with slots, every query runs at once; so only one slot, the default,
 * is accepted.
 */
import { integerValue, onlyValue, setting } from './define.ts';

export default setting({
  name: 'wlm_query_slot_count',
  default: '1',
  doc: 'Slots one query takes from its queue; only 1.',
  validate: onlyValue(integerValue(1, 50), '1', 'workload management with slots'),
});
