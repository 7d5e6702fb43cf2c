/**
 * The protocol fuzzer: conversations of clients (protocol-conversations.ts), mutated from a seed, with a server that asks for
 * a password; before log-in and behind it, plain and over TLS. Whatever is sent, the server answers in whole and
 * well-formed messages or hangs up, goes on serving others, and keeps nothing of it.
 */
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { Prng } from '../../src/common/prng.ts';
import {
  CONVERSATIONS,
  FIRST_WORDS,
  framed,
  md5Answer,
  message,
  SSL_REQUEST,
  startup,
  type Login,
  type Message,
} from './protocol-conversations.ts';

export interface ProtocolFuzz {
  readonly seed: number;
  /** Messages to send, at least. */
  readonly messages: number;
  log?(line: string): void;
  /** True ends the run early. */
  enough?(): boolean;
}
export interface ProtocolReport {
  readonly conversations: number;
  readonly messages: number;
  /** Conversations by where they were mutated. */
  readonly places: ReadonlyMap<string, number>;
  /** Answers by type. */
  readonly answers: ReadonlyMap<string, number>;
  /** ErrorResponses by SQLSTATE. */
  readonly errors: ReadonlyMap<string, number>;
  /** MB of the heap behind a collection, by messages sent. */
  readonly heap: readonly (readonly [messages: number, mb: number])[];
  readonly findings: readonly string[];
}
interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

const LOGIN: Login = { user: 'awsuser', database: 'dev', password: 'Fuzz1234' };
const AT_ONCE = 16;
/** A conversation whose mutated end waits for more bytes is over after so long without an answer. */
const QUIET_MS = 500;
/** A conversation that lasts longer hangs. */
const PATIENCE_MS = 180_000;
/** A clean conversation, answered as it must be, comes after so many others. */
const CONTROL_EVERY = 40;
const FINDINGS_MAX = 20;
/** Conversations in a row that one client holds, and edits of them. */
const IN_A_ROW = 4;
const EDITS_MAX = 4;
const KNOWN_ANSWERS = 'RSKZTDCIEN123nstv';

// ---- mutation ---------------------------------------------------------------------------------------------------------

const INTERESTING = [0, 1, -1, 0x7fff, 0x8000, 0xffff, 0x7fffffff, -0x80000000, 0x10000, 255, 256];
const TYPES = 'QPBDECSHXFpdcf\0\u00ff1';

function mutatedBody(random: Prng, body: Buffer): Buffer {
  if (body.length === 0) return Buffer.from([random.int(0, 255)]);
  const bytes = Buffer.from(body);
  const at = random.int(0, bytes.length - 1);
  switch (random.int(0, 6)) {
    case 0:
      bytes[at] = bytes[at]! ^ (1 << random.int(0, 7));
      return bytes;
    case 1:
      bytes[at] = random.int(0, 255);
      return bytes;
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([random.int(0, 255)]), bytes.subarray(at)]);
    case 4:
      return bytes.subarray(0, at);
    case 5: {
      const value = random.pick(INTERESTING);
      if (at + 4 <= bytes.length) bytes.writeInt32BE(value, at);
      else if (at + 2 <= bytes.length) bytes.writeInt16BE((value << 16) >> 16, at);
      return bytes;
    }
    default:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(0, random.int(0, Math.min(64, bytes.length)))]);
  }
}

/** What is sent in place of the conversation: each piece a message, or what is left of one. */
function mutated(random: Prng, messages: readonly Message[], others: readonly Message[]): Buffer[] {
  const list = [...messages];
  for (let n = random.int(1, EDITS_MAX); n > 0; n--) {
    const at = random.int(0, list.length - 1);
    switch (random.int(0, 5)) {
      case 0:
        if (list.length > 1) list.splice(at, 1);
        break;
      case 1:
        list.splice(at, 0, list[random.int(0, list.length - 1)]!);
        break;
      case 2:
        list.splice(at, 0, random.pick(others));
        break;
      case 3: {
        const [taken] = list.splice(at, 1);
        list.splice(random.int(0, list.length), 0, taken!);
        break;
      }
      case 4:
        list[at] = { type: random.pick([...TYPES]), body: list[at]!.body };
        break;
      default:
        list[at] = { ...list[at]!, body: mutatedBody(random, list[at]!.body) };
    }
  }
  const liar = random.int(0, 7) === 0 ? random.int(0, list.length - 1) : -1;
  return list.map((m, i) =>
    i === liar ? framed(m, random.pick([...INTERESTING, m.body.length + 3, m.body.length + 9])) : framed(m),
  );
}

/** The same bytes, cut elsewhere than between messages. */
function inChunks(random: Prng, pieces: readonly Buffer[]): Buffer[] {
  const all = Buffer.concat(pieces);
  if (random.int(0, 1) === 0) return [all];
  const chunks: Buffer[] = [];
  for (let at = 0; at < all.length;) {
    const end = Math.min(all.length, at + random.int(1, 200));
    chunks.push(all.subarray(at, end));
    at = end;
  }
  return chunks;
}

// ---- one client -------------------------------------------------------------------------------------------------------

interface Answer {
  readonly type: string;
  readonly body: Buffer;
}

class FuzzClient {
  private data: Buffer = Buffer.alloc(0);
  private changed: () => void = () => undefined;
  isClosed = false;
  /** An answer that no client could read. */
  broken: string | undefined;
  readonly answers: Answer[] = [];

  constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.data = Buffer.concat([this.data, chunk]);
      this.read();
      this.changed();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isClosed = true;
      this.changed();
    });
  }
  static async open(port: number, encrypted: boolean): Promise<FuzzClient> {
    const raw = connect(port, '127.0.0.1');
    raw.on('error', () => undefined);
    await new Promise((resolve, reject) => raw.once('connect', resolve).once('error', reject));
    if (!encrypted) return new FuzzClient(raw);
    raw.write(framed(SSL_REQUEST));
    const [answer] = (await new Promise<Buffer>((resolve, reject) =>
      raw.once('data', resolve).once('close', reject),
    )) as Buffer;
    if (answer !== 'S'.charCodeAt(0)) throw new Error('TLS was not offered');
    const socket = connectTls({ socket: raw, rejectUnauthorized: false });
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    return new FuzzClient(socket);
  }

  private read(): void {
    while (this.broken === undefined && this.data.length >= 5) {
      const type = String.fromCharCode(this.data[0]!);
      const length = this.data.readInt32BE(1);
      if (!KNOWN_ANSWERS.includes(type) || length < 4 || length > 1 << 28) {
        this.broken = this.data.subarray(0, 64).toString('hex');
        return;
      }
      if (this.data.length < 1 + length) return;
      this.answers.push({ type, body: this.data.subarray(5, 1 + length) });
      this.data = this.data.subarray(1 + length);
    }
  }
  /** Bytes of an answer that never came to its end. */
  get rest(): Buffer {
    return this.data;
  }
  forget(count: number): void {
    this.data = this.data.subarray(count);
  }

  /** Waits until `done`, the connection is closed or nothing came for `quietMs`. */
  async until(done: () => boolean, quietMs: number): Promise<void> {
    while (!this.isClosed && !done()) {
      const seen = this.answers.length;
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.changed = resolve;
        timer = setTimeout(resolve, quietMs);
      });
      clearTimeout(timer);
      if (this.answers.length === seen && !this.isClosed && !done()) return;
    }
  }

  async logIn(protocol: number): Promise<void> {
    const { user, database } = LOGIN;
    const asked: Record<string, string> = protocol === 0 ? {} : { client_protocol_version: String(protocol) };
    this.socket.write(framed(startup({ user, database, ...asked })));
    await this.until(() => this.answers.length > 0, PATIENCE_MS);
    const first = this.answers[0];
    if (first?.type !== 'R' || first.body.readInt32BE(0) !== 5) throw new Error('no md5 was asked for');
    this.socket.write(framed(md5Answer(LOGIN, first.body.subarray(4))));
    await this.until(() => this.answers.at(-1)?.type === 'Z', PATIENCE_MS);
    if (this.answers.at(-1)?.type !== 'Z') throw new Error('the log-in was refused');
    this.answers.length = 0;
  }
}

// ---- the run ----------------------------------------------------------------------------------------------------------

class Fuzzer {
  readonly places = new Map<string, number>();
  readonly answers = new Map<string, number>();
  readonly errors = new Map<string, number>();
  readonly heap: [number, number][] = [];
  readonly findings: string[] = [];
  readonly bugs: unknown[] = [];
  conversations = 0;
  messages = 0;
  private readonly every = Object.values(CONVERSATIONS).flat();

  constructor(
    private readonly port: number,
    private readonly random: Prng,
    private readonly log: (line: string) => void = () => undefined,
  ) {}

  find(text: string): void {
    this.log(`FOUND ${text}`);
    if (this.findings.length < FINDINGS_MAX) this.findings.push(text);
  }
  private count(map: Map<string, number>, key: string): void {
    map.set(key, (map.get(key) ?? 0) + 1);
  }

  async conversation(): Promise<void> {
    const random = new Prng(this.random.u32());
    const encrypted = random.int(0, 4) === 0;
    const early = random.int(0, 5) === 0;
    const control = !early && this.conversations % CONTROL_EVERY === 0;
    const from = early ? FIRST_WORDS : CONVERSATIONS;
    const names = Array.from({ length: control || early ? 1 : IN_A_ROW }, () => random.pick(Object.keys(from)));
    const said = names.flatMap((name) => from[name]!);
    const others = early ? Object.values(FIRST_WORDS).flat() : this.every;
    const pieces = control ? said.map((m) => framed(m)) : mutated(random, said, others);
    const place = `${control ? 'not mutated' : early ? 'before log-in' : 'after log-in'}, ${encrypted ? 'TLS' : 'plain'}`;
    const where = `seed ${random.seed}, ${place}, ${names.join(' | ')}`;
    this.count(this.places, place);
    this.conversations += 1;
    this.messages += pieces.length;
    const client = await FuzzClient.open(this.port, encrypted);
    try {
      if (!early) await client.logIn(random.int(0, 3));
      const fence = early ? [] : [framed(message('S')), framed(message('X'))];
      for (const chunk of inChunks(random, [...pieces, ...fence])) client.socket.write(chunk);
      await client.until(() => false, control ? PATIENCE_MS : early ? QUIET_MS / 10 : QUIET_MS);
      this.judge(client, where, early && !encrypted, control);
    } finally {
      client.socket.destroy();
    }
  }

  private judge(client: FuzzClient, where: string, mayNegotiate: boolean, control: boolean): void {
    // The answer to a request for encryption is one letter.
    const isLetter =
      mayNegotiate && client.answers.length === 0 && /^[SN]/.test(client.rest.toString('latin1', 0, 1));
    if (client.broken !== undefined && !isLetter)
      this.find(`${where}: an answer that is no message: ${client.broken}`);
    else if (client.isClosed && client.rest.length > 0 && !isLetter)
      this.find(`${where}: half an answer: ${client.rest.toString('hex')}`);
    for (const { type, body } of client.answers) {
      this.count(this.answers, type);
      if (type === 'Z' && !/^[ITE]$/.test(body.toString('latin1'))) this.find(`${where}: a strange ReadyForQuery`);
      if (type !== 'E') continue;
      const code = /\0C(.{5})\0/.exec(`\0${body.toString('latin1')}`)?.[1] ?? 'none';
      this.count(this.errors, code);
      if (code === 'XX000' || code === 'none') this.find(`${where}: ${body.toString()}`);
    }
    if (control && client.answers.at(-1)?.type !== 'Z')
      this.find(`${where}: ended with ${client.answers.at(-1)?.type ?? 'nothing'}`);
    if (control && client.answers.some((a) => a.type === 'E' && !/refuses|error/.test(where))) {
      this.find(`${where}: ${client.answers.find((a) => a.type === 'E')!.body.toString()}`);
    }
  }

  /** Sessions that are open, as a clean client sees them: its own must be the only one. */
  async leftOver(): Promise<string[]> {
    const client = await FuzzClient.open(this.port, false);
    await client.logIn(0);
    const ask = async (sql: string): Promise<string[]> => {
      client.answers.length = 0;
      client.socket.write(framed(message('Q', sql)));
      await client.until(() => client.answers.at(-1)?.type === 'Z', PATIENCE_MS);
      return client.answers.filter((a) => a.type === 'D').map((a) => a.body.toString('utf8', 6));
    };
    const left: string[] = [];
    // Sessions of sockets that were just destroyed may take a moment.
    for (let tries = 0; tries < 50; tries++) {
      const sessions = await ask('select process from stv_sessions where process <> pg_backend_pid()');
      const schemas = await ask("select nspname from pg_namespace where nspname like 'pg_temp%'");
      left.length = 0;
      left.push(...sessions.map((s) => `session ${s}`), ...schemas.map((s) => `schema ${s}`));
      if (left.length === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    client.socket.destroy();
    return left;
  }
}

/** MB in use behind a collection of garbage. */
async function heapMb(): Promise<number> {
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  gc();
  await new Promise((resolve) => setTimeout(resolve, 20));
  gc();
  return Math.round(process.memoryUsage().heapUsed / 2 ** 20);
}

async function startServer(bugs: unknown[]): Promise<RunningServer> {
  const dist = join(import.meta.dirname, '../../dist/index.js');
  const { startCluster } = (await import(dist)) as { startCluster(options: object): Promise<RunningServer> };
  return startCluster({
    nodes: 1,
    slices: 1,
    memory: true,
    password: LOGIN.password,
    onBug: (e: unknown) => bugs.push(e),
  });
}

export async function fuzzProtocol(run: ProtocolFuzz): Promise<ProtocolReport> {
  const bugs: unknown[] = [];
  const server = await startServer(bugs);
  const fuzzer = new Fuzzer(server.port, new Prng(run.seed), run.log);
  try {
    const marks = [0.25, 0.5, 0.75, 1].map((share) => share * run.messages);
    for (const mark of marks) {
      const work = async (): Promise<void> => {
        while (fuzzer.messages < mark && run.enough?.() !== true && fuzzer.findings.length < FINDINGS_MAX) {
          await bounded(fuzzer);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      fuzzer.heap.push([fuzzer.messages, await heapMb()]);
      run.log?.(`${fuzzer.messages} messages, heap ${fuzzer.heap.at(-1)![1]} MB, findings ${fuzzer.findings.length}`);
    }
    for (const left of await fuzzer.leftOver()) fuzzer.findings.push(`left behind: ${left}`);
  } finally {
    await server.close();
  }
  for (const bug of bugs) fuzzer.findings.push(`bug: ${bug instanceof Error ? bug.stack : String(bug)}`);
  const { conversations, messages, places, answers, errors, heap, findings } = fuzzer;
  return { conversations, messages, places, answers, errors, heap, findings };
}

async function bounded(fuzzer: Fuzzer): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`a conversation lasts longer than ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  try {
    await Promise.race([fuzzer.conversation(), late]);
  } catch (error) {
    fuzzer.find(String(error));
  } finally {
    clearTimeout(timer);
  }
}

/** Opens, uses and drops connections, `count` at a time; what is left of them. */
export async function openAndDrop(
  count: number,
  rounds: number,
): Promise<{ readonly left: readonly string[]; readonly heap: readonly number[] }> {
  const bugs: unknown[] = [];
  const server = await startServer(bugs);
  const fuzzer = new Fuzzer(server.port, new Prng(1));
  const heap: number[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const clients: FuzzClient[] = [];
      for (let i = 0; i < count; i++) {
        const client = await FuzzClient.open(server.port, i % 10 === 0);
        await client.logIn(i % 4);
        clients.push(client);
      }
      const use = async (client: FuzzClient, i: number): Promise<void> => {
        client.socket.write(framed(message('Q', `create temp table mine (a int); begin; select ${i}`)));
        await client.until(() => client.answers.at(-1)?.type === 'Z', PATIENCE_MS);
      };
      // Some of them hold a transaction, a portal and a temporary table when they go.
      await Promise.all(clients.map((client, i) => (i % 5 === 0 ? use(client, i) : undefined)));
      for (const [i, client] of clients.entries()) {
        if (i % 2 === 0) client.socket.destroy();
        else client.socket.end(framed(message('X')));
      }
      const left = await fuzzer.leftOver();
      heap.push(await heapMb());
      if (left.length > 0 || bugs.length > 0) return { left: [...left, ...bugs.map(String)], heap };
    }
  } finally {
    await server.close();
  }
  return { left: [], heap };
}
