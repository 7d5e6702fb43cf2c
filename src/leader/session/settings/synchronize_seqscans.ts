/**
 * Setting synchronize_seqscans: Accepted for clients that set it; without effect.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'synchronize_seqscans',
  default: 'on',
  doc: 'Accepted for clients that set it; without effect.',
  validate: booleanValue(),
});
