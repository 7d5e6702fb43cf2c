/**
 * COPY from a DynamoDB table: one segment of a parallel Scan for every slice. All of them together stay below READRATIO's part of what may be
 * read of the table in a second.
 */
import type { SliceId } from '../../common/ids.ts';
import type { AccessKeys, DynamoSegment } from '../../common/remote-source.ts';
import { dynamoTableName } from '../../common/errors/remote-errors.ts';
import type { LoadPiece } from '../../formats/load-work.ts';
import type { RemoteAccess } from '../../remote/access.ts';
import { describeTable, UNIT_BYTES } from '../../remote/dynamodb/table.ts';
import { sharedRate } from '../../remote/rate.ts';
import { cancelError } from '../transaction/waits.ts';
import type { CopyOptions } from './options.ts';
import type { FoundSource } from './found-source.ts';

const NAME = /^dynamodb:\/\/([\w.-]{3,255})$/i;

/** Those of the statement; with a role the server's own credentials sign. */
const keysOf = (credentials: CopyOptions['credentials']): AccessKeys | undefined => {
  if (credentials.kind !== 'keys') return undefined;
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return { accessKeyId, secretAccessKey, sessionToken };
};

export async function dynamoSource(
  access: RemoteAccess,
  from: string,
  { region, readRatio, credentials }: Pick<CopyOptions, 'region' | 'readRatio' | 'credentials'>,
  signal: AbortSignal,
): Promise<FoundSource> {
  const [, table] = NAME.exec(from) ?? [];
  if (table === undefined) throw dynamoTableName(from);
  const keys = keysOf(credentials);
  const { items, bytes, unitsPerSecond } = await describeTable(access, table, { region, keys }, signal).catch(
    (error: unknown) => {
      throw signal.aborted ? cancelError(signal) : error;
    },
  );
  const rate = sharedRate((unitsPerSecond * readRatio!) / 100);
  const itemUnits = items > 0 ? bytes / items / UNIT_BYTES : undefined;
  const pieceOf = (segment: number, segments: number): LoadPiece => {
    const size = Math.floor(bytes / segments);
    const remote: DynamoSegment = { kind: 'dynamodb', table, region, keys, segment, segments, rate, itemUnits };
    const state = { size, modifiedMs: 0 };
    return { bucket: '', key: '', start: 0, end: size, state, first: true, compression: 'none', remote };
  };
  return {
    objects: [],
    files: 1,
    bytes,
    deal: (slices) => {
      const numbers = Array.from({ length: slices }, (_, slice) => slice as SliceId);
      return Promise.resolve(new Map(numbers.map((slice) => [slice, [pieceOf(slice, slices)]])));
    },
  };
}
