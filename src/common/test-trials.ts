/**
 * How many trials a random test does: its own number, or the share of it that SLICEHOUSE_TRIAL_SHARE says (`npm run check`
 * sets a tenth). The first trials are the same ones whatever the share.
 */
export function trials(count: number): number {
  const share = Number(process.env['SLICEHOUSE_TRIAL_SHARE'] ?? '1');
  return Math.max(1, Math.ceil(count * share));
}
