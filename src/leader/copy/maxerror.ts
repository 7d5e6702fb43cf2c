/**
 * MAXERROR across slices: the load fails when the count of refused records reaches the limit; 0 and 1 both fail at the
 * first. Slices report as they go and may overshoot a little. IGNOREALLERRORS never fails. The INFO texts of the end
 * stand here too.
 */
import type { Notice } from '../../common/errors/sql-error.ts';
import type { CopyOptions } from './options.ts';

export class ErrorCounter {
  private refused = 0;
  private readonly limit: number;
  constructor(options: Pick<CopyOptions, 'maxError' | 'ignoreAllErrors'>) {
    this.limit = options.ignoreAllErrors ? Infinity : Math.max(1, options.maxError);
  }
  get count(): number {
    return this.refused;
  }
  /** Whether the load has failed. */
  get exceeded(): boolean {
    return this.refused >= this.limit;
  }
  /** Records that a slice refused since its last report; true = cancel the load. */
  add(records: number): boolean {
    this.refused += records;
    return this.exceeded;
  }
  /** Records that may still be refused without failing: a slice with this many of its own may stop at once. */
  get remaining(): number {
    return Math.max(0, this.limit - this.refused - 1);
  }
}

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
