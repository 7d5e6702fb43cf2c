/**
 * A DynamoDB endpoint of the tests' own: DescribeTable and Scan of the JSON 1.0 protocol, with segments, pages and consumed capacity, and
 * faults that a test asks for. It keeps a list of what it was asked.
 */
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signingKey } from '../../src/http/signature.ts';

export type FakeAttribute = Readonly<Record<string, unknown>>;
export type FakeItem = Readonly<Record<string, FakeAttribute>>;
export interface FakeTable {
  readonly items: readonly FakeItem[];
  /** Undefined: on demand. */
  readonly units?: number;
  readonly mostOnDemand?: number;
  readonly status?: string;
  /** Bytes of an item for its capacity; else those of its JSON. */
  readonly itemBytes?: number;
  /** Whether DescribeTable tells items and bytes. */
  readonly counted?: boolean;
}
/** What happens to a request instead of an answer. */
export type Fault = 'throttle' | 'error' | 'reset' | 'cut' | 'hang';
export interface Asked {
  readonly at: number;
  readonly operation: string;
  readonly segment: number | undefined;
  readonly segments: number | undefined;
  readonly isConsistent: boolean | undefined;
  readonly region: string;
  readonly keyId: string;
  readonly token: string | undefined;
  units: number;
  /** The client went before there was an answer. */
  left: boolean;
}
interface Scan {
  readonly TableName: string;
  readonly Segment?: number;
  readonly TotalSegments?: number;
  readonly Limit?: number;
  readonly ConsistentRead?: boolean;
  readonly ExclusiveStartKey?: { readonly at: { readonly N: string } };
}
const PAGE_BYTES = 1024 * 1024;
const UNIT_BYTES = 4096;

export class FakeDynamo {
  readonly tables = new Map<string, FakeTable>();
  readonly asked: Asked[] = [];
  /** By key id; empty: signatures are not looked at. */
  readonly secrets = new Map<string, string>();
  /** Asked before each Scan. */
  fault: (scans: number) => Fault | undefined = () => undefined;
  private scans = 0;
  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => void this.answer(request, response));
  }
  static async open(): Promise<FakeDynamo> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    return new FakeDynamo(server);
  }
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
  get scanned(): readonly Asked[] {
    return this.asked.filter((a) => a.operation === 'Scan');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const body = JSON.parse(text) as Scan;
    const operation = String(request.headers['x-amz-target']).split('.')[1]!;
    const region = /Credential=[^/]+\/\d+\/([^/]+)\/dynamodb\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const keyId = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const asked: Asked = {
      at: performance.now(),
      operation,
      segment: body.Segment,
      segments: body.TotalSegments,
      isConsistent: body.ConsistentRead,
      region,
      keyId,
      token: request.headers['x-amz-security-token'] as string | undefined,
      units: 0,
      left: false,
    };
    this.asked.push(asked);
    response.on('close', () => (asked.left ||= !response.writableFinished));
    const send = (status: number, value: unknown, cut = false): void => {
      const json = JSON.stringify(value);
      response.writeHead(status, {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(json),
      });
      if (!cut) return void response.end(json);
      response.write(json.slice(0, json.length / 2));
      setImmediate(() => request.socket.destroy());
    };
    const fail = (status: number, name: string, message: string): void =>
      send(status, { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message });
    const secret = this.secrets.get(keyId);
    if (this.secrets.size > 0 && secret === undefined)
      return fail(400, 'UnrecognizedClientException', 'The security token included in the request is invalid.');
    if (secret !== undefined && !isSigned(request, text, secret))
      return fail(
        400,
        'InvalidSignatureException',
        'The request signature we calculated does not match the signature you provided.',
      );
    const table = this.tables.get(body.TableName);
    if (table === undefined)
      return fail(
        400,
        'ResourceNotFoundException',
        `Requested resource not found: Table: ${body.TableName} not found`,
      );
    if (operation === 'DescribeTable') return send(200, { Table: describe(body.TableName, table) });
    const fault = this.fault(this.scans++);
    if (fault === 'hang') return;
    if (fault === 'reset') return void request.socket.destroy();
    if (fault === 'error') return fail(500, 'InternalServerError', 'Internal server error');
    if (fault === 'throttle')
      return fail(
        400,
        'ProvisionedThroughputExceededException',
        'The level of configured provisioned throughput for the table was exceeded.',
      );
    const page = scan(table, body);
    asked.units = page.ConsumedCapacity.CapacityUnits;
    send(200, page, fault === 'cut');
  }
}

/** Signature Version 4 over the headers that the request says are signed. */
function isSigned({ method, url, headers }: IncomingMessage, body: string, secret: string): boolean {
  const [, scope, signed, signature] =
    /Credential=[^/]+\/(\S+), SignedHeaders=(\S+), Signature=(\S+)/.exec(headers.authorization ?? '') ?? [];
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const lines = signed!.split(';').map((name) => `${name}:${String(headers[name])}`);
  const canonical = [method, url, '', ...lines, '', signed, sha256(body)].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  return createHmac('sha256', signingKey(secret, scope!)).update(text).digest('hex') === signature;
}
const sizeOf = (table: FakeTable, item: FakeItem): number => table.itemBytes ?? JSON.stringify(item).length;
function describe(name: string, table: FakeTable): unknown {
  const bytes = table.items.reduce((n, item) => n + sizeOf(table, item), 0);
  return {
    TableName: name,
    TableStatus: table.status ?? 'ACTIVE',
    ...(table.counted === false ? {} : { ItemCount: table.items.length, TableSizeBytes: bytes }),
    ProvisionedThroughput: { ReadCapacityUnits: table.units ?? 0, WriteCapacityUnits: 0 },
    ...(table.units === undefined ? { BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } } : {}),
    ...(table.mostOnDemand === undefined ? {} : { OnDemandThroughput: { MaxReadRequestUnits: table.mostOnDemand } }),
  };
}
function scan(table: FakeTable, body: Scan) {
  const { Segment: segment = 0, TotalSegments: segments = 1, Limit: limit = Infinity } = body;
  const items: FakeItem[] = [];
  let [bytes, next] = [0, undefined as number | undefined];
  for (let at = Number(body.ExclusiveStartKey?.at.N ?? -1) + 1; at < table.items.length; at++) {
    // As a hash of the key would spread them.
    if (((at * 2654435761) >>> 16) % segments !== segment) continue;
    const item = table.items[at]!;
    items.push(item);
    bytes += sizeOf(table, item);
    if (items.length < limit && bytes < PAGE_BYTES) continue;
    next = at;
    break;
  }
  const units = Math.ceil(bytes / UNIT_BYTES) / (body.ConsistentRead === true ? 1 : 2);
  return {
    Items: items,
    Count: items.length,
    ScannedCount: items.length,
    ConsumedCapacity: { TableName: body.TableName, CapacityUnits: Math.max(0.5, units) },
    ...(next === undefined ? {} : { LastEvaluatedKey: { at: { N: String(next) } } }),
  };
}
