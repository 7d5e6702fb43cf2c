/**
 * COPY on a slice: see load-feed.ts. Until a load is asked for nothing is opened.
 */
import { featureNotSupported } from '../common/errors/catalogue.ts';
import type { LoadWork, SliceBoot } from '../interconnect/messages.ts';
import type { LoadFeed } from '../execution/surroundings.ts';
import type { QueryRun } from '../execution/query-run.ts';

export function openLoad(_work: LoadWork, _run: QueryRun, _segment: number, _boot: SliceBoot): LoadFeed {
  throw featureNotSupported('COPY');
}
