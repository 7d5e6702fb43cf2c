/**
 * UNLOAD.
 */
import { featureNotSupported } from '../../common/errors/catalogue.ts';
import type { ExecutorDeps } from '../execute.ts';
import type { LeaderServices } from '../services.ts';
import type { StatementRunner } from '../statement-runner.ts';

export function unloadRunner(_runner: StatementRunner, _services: LeaderServices, _s3Root: string): ExecutorDeps['unload'] {
  return async () => {
    throw featureNotSupported('UNLOAD');
  };
}
