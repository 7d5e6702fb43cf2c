/**
 * Setting search_path: Schemas searched for unqualified names, in order.
 */
import { identifierList, setting } from './define.ts';

export default setting({
  name: 'search_path',
  default: '$user, public',
  doc: 'Schemas searched for unqualified names, in order.',
  validate: identifierList,
});
