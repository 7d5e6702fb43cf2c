/**
 * Setting auto_analyze: Whether ANALYZE runs in the background.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'auto_analyze',
  default: 'true',
  doc: 'Whether ANALYZE runs in the background.',
  validate: booleanValue('true', 'false'),
});
