/**
 * Setting seed: Seed of random(), 0 to 1; write-only.
 */
import { anyText, setting } from './define.ts';

export default setting({
  name: 'seed',
  default: 'unset',
  doc: 'Seed of random(), 0 to 1; write-only.',
  validate: anyText,
});
