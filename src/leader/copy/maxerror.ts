/**
 * MAXERROR across slices: the load fails with the record that makes the count of refused ones reach the limit; 0 and 1
 * both fail at the first. All slices count in one word of shared memory (compute/load.ts), so that no record is told
 * after that one. IGNOREALLERRORS never fails. The INFO texts of the end stand here too.
 */
import type { Notice } from '../../common/errors/sql-error.ts';
import type { CopyOptions } from './options.ts';

/** Refused records that fail the load. */
export const errorLimit = (options: Pick<CopyOptions, 'maxError' | 'ignoreAllErrors'>): number =>
  options.ignoreAllErrors ? Infinity : Math.max(1, options.maxError);

const info = (message: string): Notice => ({ severity: 'INFO', sqlstate: '00000', message });

/** The notices of a load that did not fail. */
export function loadNotices(table: string, loaded: number, refused: number, noLoad: boolean): readonly Notice[] {
  const done = noLoad ? 'validated' : 'loaded';
  const out = [info(`Load into table '${table}' completed, ${loaded} record(s) ${done} successfully.`)];
  if (refused > 0) {
    out.push(
      info(
        `Load into table '${table}' completed, ${refused} record(s) could not be loaded.  Check 'stl_load_errors' system table for details.`,
      ),
    );
  }
  return out;
}
