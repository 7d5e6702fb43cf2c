/**
 * Setting synchronize_seqscans: scans never start in the middle of a table to share another one's reads; off is the only
 * value accepted (pg_dump sets it).
 */
import { booleanValue, onlyValue, setting } from './define.ts';

export default setting({
  name: 'synchronize_seqscans',
  default: 'off',
  doc: "Whether scans share each other's reads; they do not.",
  validate: onlyValue(booleanValue(), 'off', 'synchronized scans'),
});
