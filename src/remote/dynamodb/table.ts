/**
 * What a DynamoDB table says of itself before it is read: how large it is, and how much may be read of it in a second.
 */
import { dynamoNotActive } from '../../common/errors/remote-errors.ts';
import { DYNAMODB_ON_DEMAND_UNITS } from '../../common/limits.ts';
import type { RemoteAccess } from '../access.ts';
import { asDynamoError, connectDynamo, type Dynamo, type DynamoTarget } from './client.ts';

/** A read capacity unit: one strongly consistent read of so many bytes. */
export const UNIT_BYTES = 4096;

export interface DynamoTable {
  /** As DynamoDB counts every six hours or so. */
  readonly items: number;
  readonly bytes: number;
  /** Provisioned for reading, or the most that a table on demand gives. */
  readonly unitsPerSecond: number;
}

/** Of a table that can be read: one that is being changed can. */
const READABLE = ['ACTIVE', 'UPDATING'];

export async function describeTable(
  access: RemoteAccess,
  table: string,
  target: DynamoTarget,
  signal: AbortSignal,
): Promise<DynamoTable> {
  let dynamo: Dynamo | undefined;
  try {
    dynamo = await connectDynamo(access, target);
    const { sdk, client } = dynamo;
    const answer = await client.send(new sdk.DescribeTableCommand({ TableName: table }), { abortSignal: signal });
    const told = answer.Table ?? {};
    if (told.TableStatus !== undefined && !READABLE.includes(told.TableStatus))
      throw dynamoNotActive(table, told.TableStatus.toLowerCase());
    const most = told.OnDemandThroughput?.MaxReadRequestUnits ?? 0;
    const onDemand = most > 0 ? most : DYNAMODB_ON_DEMAND_UNITS;
    return {
      items: told.ItemCount ?? 0,
      bytes: told.TableSizeBytes ?? 0,
      unitsPerSecond: told.ProvisionedThroughput?.ReadCapacityUnits || onDemand,
    };
  } catch (error) {
    throw asDynamoError(error, table);
  } finally {
    dynamo?.release();
  }
}
