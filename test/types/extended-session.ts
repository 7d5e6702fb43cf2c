/**
 * One session that speaks the extended protocol with formats of the test's choice: text and binary parameters and results,
 * which drivers choose for themselves.
 */
import { int32, RawClient } from '../wire/raw-client.ts';

const int16 = (n: number): Buffer => {
  const b = Buffer.alloc(2);
  b.writeInt16BE(n);
  return b;
};

export type Format = 'text' | 'binary';
export interface Parameter {
  readonly format: Format;
  readonly value: Buffer | null;
  /** Type the client says it has; 0: the server infers it. */
  readonly oid?: number;
}
export interface Field {
  readonly name: string;
  readonly oid: number;
  readonly size: number;
  readonly modifier: number;
  readonly format: Format;
}
export interface Answer {
  readonly fields: readonly Field[];
  readonly rows: readonly (readonly (Buffer | null)[])[];
  readonly tag: string;
  /** SQLSTATE and message of the error, if there was one. */
  readonly error?: { readonly state: string; readonly message: string };
}

function fieldsOf(body: Buffer): Field[] {
  const count = body.readInt16BE(0);
  let at = 2;
  return Array.from({ length: count }, () => {
    const end = body.indexOf(0, at);
    const name = body.toString('utf8', at, end);
    at = end + 1 + 18;
    const format: Format = body.readInt16BE(at - 2) === 1 ? 'binary' : 'text';
    return {
      name,
      oid: body.readInt32BE(end + 7),
      size: body.readInt16BE(end + 11),
      modifier: body.readInt32BE(end + 13),
      format,
    };
  });
}
function rowOf(body: Buffer): (Buffer | null)[] {
  const count = body.readInt16BE(0);
  let at = 2;
  return Array.from({ length: count }, () => {
    const length = body.readInt32BE(at);
    at += 4;
    if (length < 0) return null;
    at += length;
    return body.subarray(at - length, at);
  });
}
function errorOf(body: Buffer): NonNullable<Answer['error']> {
  const found: Record<string, string> = {};
  for (const part of body.toString('utf8').split('\0')) if (part !== '') found[part[0]!] = part.slice(1);
  return { state: found['C'] ?? '', message: found['M'] ?? '' };
}

export class ExtendedSession {
  private constructor(private readonly client: RawClient) {}

  static async open(port: number): Promise<ExtendedSession> {
    const client = await RawClient.open(port);
    client.startup({ user: 'awsuser', database: 'dev' });
    await client.until((types) => types.endsWith('Z') || types.includes('E'));
    return new ExtendedSession(client);
  }

  /** One statement: parsed, bound to the parameters, described and run. */
  async ask(sql: string, parameters: readonly Parameter[] = [], format: Format = 'text'): Promise<Answer> {
    const { client } = this;
    client.messages.length = 0;
    client.send(
      ['P', '', sql, int16(parameters.length), ...parameters.map((p) => int32(p.oid ?? 0))],
      [
        'B',
        '',
        '',
        int16(parameters.length),
        ...parameters.map((p) => int16(p.format === 'binary' ? 1 : 0)),
        int16(parameters.length),
        ...parameters.flatMap((p) => (p.value === null ? [int32(-1)] : [int32(p.value.length), p.value])),
        int16(1),
        int16(format === 'binary' ? 1 : 0),
      ],
      ['D', Buffer.from('P\0')],
      ['E', '', int32(0)],
      ['S'],
    );
    await client.until((types) => types.endsWith('Z'));
    const { messages } = client;
    const failed = messages.find((m) => m.type === 'E');
    const described = messages.find((m) => m.type === 'T');
    const done = messages.find((m) => m.type === 'C');
    return {
      fields: described === undefined ? [] : fieldsOf(described.body),
      rows: messages.filter((m) => m.type === 'D').map((m) => rowOf(m.body)),
      tag: done === undefined ? '' : done.body.toString('utf8', 0, done.body.length - 1),
      ...(failed === undefined ? {} : { error: errorOf(failed.body) }),
    };
  }
  /** The same, which must succeed. */
  async run(sql: string, parameters: readonly Parameter[] = [], format: Format = 'text'): Promise<Answer> {
    const answer = await this.ask(sql, parameters, format);
    if (answer.error !== undefined) throw new Error(`${sql}: ${answer.error.state} ${answer.error.message}`);
    return answer;
  }
  close(): void {
    this.client.socket.destroy();
  }
}
