/**
 * Setting default_array_search_null_handling: whether searches in arrays find nulls when they do not say.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'default_array_search_null_handling',
  default: 'true',
  doc: 'Whether searches in arrays find nulls when they do not say.',
  validate: booleanValue('true', 'false'),
});
