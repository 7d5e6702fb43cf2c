/**
 * Setting wlm_query_slot_count: how many shares of its queue's memory a query takes. There are no queues, and a query may
 * have all the memory there is with one slot already; more are accepted because scripts ask for them around VACUUM and
 * large loads, and the session is told.
 */
import { integerValue, setting } from './define.ts';

export default setting({
  name: 'wlm_query_slot_count',
  default: '1',
  doc: 'Slots one query takes from its queue; there are no queues, one slot is all the memory already.',
  validate: integerValue(1, 50),
  remark: (value) =>
    value === '1' ? undefined : 'there are no queues: every query may use all memory with one slot already',
});
