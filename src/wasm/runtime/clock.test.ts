/**
 * timeofday() reads the host's clock whenever it is called; the statement's time and the transaction's stand still.
 */
import { expect, test } from 'vitest';
import { CTX } from '../memory-map.ts';
import { makeBench } from './test-bed.ts';

test('timeofday follows the clock, getdate and sysdate do not', async () => {
  const b = await makeBench();
  const says = (clock: bigint): string | null => {
    b.reset();
    b.view.setBigInt64(b.ctx + CTX.NOW, 0n, true);
    b.view.setBigInt64(b.ctx + CTX.STMT_NOW, 1_000_000n, true);
    b.clock = clock;
    return b.text(b.callMore('clock_timeofday'));
  };
  expect(says(86_400_000_001n)).toBe('Sun Jan 02 00:00:00.000001 2000 UTC');
  expect(says(432_946_430_333_525n)).toBe('Thu Sep 19 22:53:50.333525 2013 UTC');
  expect(b.callMore('clock_sysdate')).toBe(0n);
  expect(b.callMore('clock_getdate')).toBe(1_000_000n);
});
