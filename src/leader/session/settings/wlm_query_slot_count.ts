/**
 * Setting wlm_query_slot_count: Slots one query takes from its queue.
 */
import { integerValue, setting } from './define.ts';

export default setting({
  name: 'wlm_query_slot_count',
  default: '1',
  doc: 'Slots one query takes from its queue.',
  validate: integerValue(1, 50),
});
