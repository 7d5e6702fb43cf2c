/**
 * Setting query_group: Label of the following queries, shown in STL_QUERY.label; a superuser's queries of group
 * 'superuser' run in the superuser queue.
 */
import { anyText, setting } from './define.ts';

export default setting({
  name: 'query_group',
  default: 'default',
  doc: 'Label of the following queries, shown in STL_QUERY.label.',
  validate: anyText,
});
