/**
 * Setting wlm_query_slot_count: slots that the session's queries take from their queue (scheduler/wlm.ts), at most all there
 * are; each stands for a share of the slices' memory that the query is sure of.
 */
import { integerValue, setting } from './define.ts';

export default setting({
  name: 'wlm_query_slot_count',
  default: '1',
  doc: 'Slots one query takes from its queue, at most as many as the queue has.',
  validate: integerValue(1, 50),
});
