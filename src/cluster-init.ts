/**
 * The init folder (--init): fixtures that a cluster loads at its first start, before it serves anybody. In memory every start is the
 * first. In a data directory the file INIT says how far it came; one that was begun and did not end is not gone on with, as
 * half of it may be there.
 */
import { loadFixtures } from './client/fixtures.ts';
import { QuerySession } from './client/query-session.ts';
import type { Disk } from './common/disk.ts';
import { InitFailed, initInterrupted } from './common/errors/api-errors.ts';
import { SqlError } from './common/errors/sql-error.ts';
import type { SqlService } from './common/sql-service.ts';

export interface InitPlace {
  readonly service: SqlService;
  readonly user: string;
  readonly database: string;
  readonly s3Root: string;
  readonly remote: boolean;
  /** Undefined: in memory. */
  readonly disk: Disk | undefined;
  /** No start was completed before. */
  readonly isFirst: boolean;
  readonly dataDir: string;
}
const MARK = 'INIT';

function mark(disk: Disk, state: 'begun' | 'done'): void {
  const file = disk.open(MARK, 'create');
  file.truncate(0);
  file.write(0, Buffer.from(`${state}\n`));
  file.sync();
  file.close();
  disk.syncDirectory('.');
}
function marked(disk: Disk): string {
  if (!disk.exists(MARK)) return '';
  const file = disk.open(MARK, 'read');
  const bytes = new Uint8Array(file.size());
  file.read(0, bytes);
  file.close();
  return Buffer.from(bytes).toString('utf8').trim();
}

/** Throws InitFailed; true when it was run. */
export async function initialise(folder: string, place: InitPlace): Promise<boolean> {
  const { disk, service, user, database } = place;
  const before = disk === undefined ? '' : marked(disk);
  if (before === 'begun') throw new InitFailed(folder, initInterrupted(place.dataDir));
  if (before === 'done' || !place.isFirst) return false;
  if (disk !== undefined) mark(disk, 'begun');
  const startup = { user, database, parameters: new Map<string, string>(), remoteHost: '', remotePort: 0 };
  const session = new QuerySession(await service.connect({ ...startup, proof: 'server' }), service);
  try {
    await loadFixtures(folder, session, place.s3Root, place.remote);
  } catch (error) {
    throw new InitFailed(folder, asSqlError(error));
  } finally {
    await session.close();
  }
  if (disk !== undefined) mark(disk, 'done');
  return true;
}

const asSqlError = (error: unknown): SqlError =>
  error instanceof SqlError ? error : new SqlError({ sqlstate: '58030', message: (error as Error).message });
