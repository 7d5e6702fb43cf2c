/**
 * Fuzzes the S3 port from a seed: requests that mean something, whose effects a model follows (puts, copies, multipart uploads,
 * deletes, listings over odd keys), between requests that nobody should send (traversal in paths, unknown operations,
 * broken headers, bodies, XML, forms, chunks, signatures, bytes that are no HTTP). Findings: an answer of 500, an error the
 * server takes for a bug of its own, a request that is not answered, an answer with what lies in a bucket it did not name or
 * outside the root, a file outside the root, an object that is not what the model says.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Prng } from '../../src/common/prng.ts';
import { startHttpServer } from '../../src/http/server.ts';
import { LocalObjectStore } from '../../src/s3/store.ts';

export interface S3FuzzOptions {
  readonly seed: number;
  readonly requests: number;
  enough?(): boolean;
  log?(line: string): void;
}
export interface S3FuzzReport {
  readonly requests: number;
  /** Requests that the model knew the answer of. */
  readonly modelled: number;
  readonly statuses: ReadonlyMap<number, number>;
  readonly findings: readonly string[];
}
interface Answer {
  /** 0: the connection ended without an answer; -1: it did not end. */
  readonly status: number;
  readonly text: string;
  readonly headers: string;
}

const ANSWER_MS = 20_000;
const OUTSIDE = 'OUTSIDE-THE-ROOT-4711';
const SECRET = 'SECRET-OF-ANOTHER-BUCKET-4711';
const OPEN = ['alpha', 'beta'];
const PARTS = [
  'a',
  'b',
  'c.csv',
  'd e',
  'ü',
  '..',
  '.',
  '',
  '%2e%2e',
  '\u0001',
  'x'.repeat(256),
  '.slicehouse-meta',
  '😀',
  '+',
  '&<>"',
  '~',
];
const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND'];
const QUERIES = [
  'acl',
  'tagging',
  'policy',
  'policyStatus',
  'versions',
  'versioning',
  'uploads',
  'uploadId=x',
  'uploadId=../../x',
  'partNumber=1',
  'partNumber=-1&uploadId=1',
  'delete',
  'location',
  'list-type=2',
  'list-type=9',
  'prefix=../',
  'prefix=%00',
  'delimiter=/',
  'delimiter=%',
  'max-keys=-1',
  'max-keys=99999999999999',
  'max-keys=0',
  'marker=%FF',
  'continuation-token=AAAA',
  'encoding-type=url',
  'encoding-type=x',
  'attributes',
  'ownershipControls',
  'publicAccessBlock',
  'encryption',
  'cors',
  'lifecycle',
  'website',
  'versionId=null',
  'versionId=1',
  'response-content-type=a%0d%0ab',
  'key-marker=a',
  'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a/b/c/d/e',
  'X-Amz-Expires=1&X-Amz-Date=1',
  'select&select-type=2',
  'restore',
  'torrent',
  'x-id=GetObject',
  'x-amz-acl=public-read',
  '',
  '=',
  '&&&',
  '%',
  'constructor',
  '__proto__=1',
];
const HEADERS: readonly (readonly [string, readonly string[]])[] = [
  ['range', ['bytes=0-', 'bytes=-1', 'bytes=5-2', 'bytes=99999999999999999999-', 'bytes=0-1,3-4', 'x', 'bytes=-0']],
  ['if-match', ['*', '"x"', '""', ',,,']],
  ['if-none-match', ['*', '"x"']],
  ['if-modified-since', ['Thu, 01 Jan 1970 00:00:00 GMT', 'nonsense', '9'.repeat(40)]],
  [
    'x-amz-copy-source',
    [
      'alpha/a',
      '/beta/b',
      'alpha/../../outside.txt',
      '../outside.txt',
      '%2e%2e/outside.txt',
      '/',
      'a',
      '%',
      'alpha/a?versionId=null',
      '.slicehouse-meta/x',
    ],
  ],
  ['x-amz-copy-source-range', ['bytes=0-0', 'bytes=9-1', 'x']],
  ['x-amz-metadata-directive', ['REPLACE', 'COPY', 'X']],
  ['x-amz-tagging', ['a=b', 'a=b&a=c', '='.repeat(50), '%', 'k'.repeat(300)]],
  ['x-amz-acl', ['private', 'public-read', 'x']],
  ['x-amz-storage-class', ['STANDARD', 'GLACIER', 'x']],
  ['x-amz-meta-a', ['v', 'x'.repeat(3000), 'ü']],
  ['x-amz-meta-__proto__', ['v']],
  ['content-md5', ['x', 'AAAAAAAAAAAAAAAAAAAAAA==']],
  ['x-amz-checksum-crc32', ['AAAAAA==', 'x']],
  ['x-amz-checksum-algorithm', ['CRC32', 'constructor', 'MD5']],
  ['x-amz-checksum-type', ['COMPOSITE', 'FULL_OBJECT', 'x']],
  ['x-amz-sdk-checksum-algorithm', ['CRC32']],
  ['x-amz-trailer', ['x-amz-checksum-crc32', 'x-amz-checksum-constructor', 'x']],
  ['x-amz-decoded-content-length', ['3', '-1', 'x', '99999999999999']],
  [
    'x-amz-content-sha256',
    ['UNSIGNED-PAYLOAD', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', '0'.repeat(64)],
  ],
  ['content-encoding', ['aws-chunked', 'gzip', 'aws-chunked,gzip']],
  [
    'content-type',
    [
      'text/plain',
      'multipart/form-data; boundary=B',
      'multipart/form-data',
      'a\tb',
      'multipart/form-data; boundary=',
    ],
  ],
  ['x-amz-object-attributes', ['ETag', 'ETag,Checksum,ObjectParts', 'x', '']],
  ['x-amz-max-parts', ['-1', 'x']],
  [
    'authorization',
    [
      'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request,SignedHeaders=host,Signature=x',
      'AWS a:b',
      'Bearer x',
      'AWS4-HMAC-SHA256',
    ],
  ],
  ['x-amz-date', ['20260101T000000Z', 'x']],
  ['origin', ['https://evil.example', 'null']],
  [
    'host',
    [
      'evil.example',
      'junk.localhost',
      'a..b.localhost',
      '..localhost',
      '[::1]',
      '',
      'localhost:99999',
      '.slicehouse-meta.localhost',
    ],
  ],
  ['expect', ['100-continue', 'x']],
  ['transfer-encoding', ['chunked', 'gzip, chunked', 'x']],
  ['x-amz-object-ownership', ['ObjectWriter', 'x']],
  ['x-amz-expected-bucket-owner', ['000000000000', '1']],
  ['x-amz-mp-object-size', ['1', 'x']],
];
const BODIES = [
  '',
  'x',
  'abc',
  '<',
  '<a>',
  '<Delete><Object><Key>a</Key></Object></Delete>',
  '<Delete><Object><Key>../../outside.txt</Key></Object></Delete>',
  '<Delete><Quiet>true</Quiet></Delete>',
  '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Delete><Object><Key>&e;</Key></Object></Delete>',
  '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>',
  '<Tagging/>',
  '<CompleteMultipartUpload/>',
  '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>x</ETag></Part></CompleteMultipartUpload>',
  '<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>',
  '<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>',
  '<PublicAccessBlockConfiguration><__proto__>true</__proto__></PublicAccessBlockConfiguration>',
  '{"Version":"2012-10-17","Statement":[]}',
  '{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}}',
  '{"Statement":[null]}',
  '3\r\nabc\r\n0\r\n\r\n',
  'ffffffffffff\r\nx',
  '3\r\nabc',
  '0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n',
  '-3\r\nabc\r\n0\r\n\r\n',
  '--B\r\nContent-Disposition: form-data; name="key"\r\n\r\n../../outside.txt\r\n--B\r\nContent-Disposition: form-data; name="file"; filename="../x"\r\n\r\nabc\r\n--B--\r\n',
  '--B\r\nContent-Disposition: form-data; name="key"\r\n\r\nform/${filename}\r\n--B\r\nContent-Disposition: form-data; name="file"; filename="n"\r\n\r\nabc',
  '--B\r\nContent-Disposition: form-data; name="file"\r\n\r\nabc\r\n--B--\r\n',
  '--B\r\n\r\n\r\n--B--',
  '--B',
  '\u0000'.repeat(100),
  '<Delete>'.repeat(2000),
];

/** One request on a connection of its own. */
function ask(port: number, bytes: Buffer, cutAt?: number): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const pieces: Buffer[] = [];
    const done = (hangs: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      const all = Buffer.concat(pieces).toString('latin1');
      const status = /^HTTP\/1\.1 (?:100 [^\r]*\r\n\r\nHTTP\/1\.1 )?(\d{3})/.exec(all)?.[1];
      const split = all.indexOf('\r\n\r\n');
      resolve({
        status: hangs ? -1 : Number(status ?? 0),
        text: all.slice(split + 4),
        headers: all.slice(0, Math.max(0, split)),
      });
    };
    const timer = setTimeout(() => done(true), ANSWER_MS);
    socket
      .on('data', (d) => pieces.push(d))
      .on('error', () => undefined)
      .on('close', () => done(false));
    if (cutAt === undefined) return void socket.write(bytes);
    socket.write(bytes.subarray(0, cutAt), () => setTimeout(() => socket.destroy(), 5));
    return undefined;
  });
}
const requestOf = (method: string, target: string, headers: ReadonlyMap<string, string>, body: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(
      `${method} ${target} HTTP/1.1\r\n${[...headers].map(([n, v]) => `${n}: ${v}\r\n`).join('')}\r\n`,
      'utf8',
    ),
    body,
  ]);
const md5 = (body: Buffer): string => `"${createHash('md5').update(body).digest('hex')}"`;
const encodeKey = (key: string): string => encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('..', '%2E%2E');

class S3Fuzzer {
  readonly findings: string[] = [];
  readonly statuses = new Map<number, number>();
  modelled = 0;
  /** Bodies by bucket and key, as the requests that mean something made them. */
  private readonly model = new Map(OPEN.map((b) => [b, new Map<string, Buffer>()]));
  private readonly uploads: { bucket: string; key: string; id: string }[] = [];

  constructor(
    private readonly prng: Prng,
    private readonly port: number,
    /** Of a server on the same buckets that wants signatures. */
    private readonly keyedPort: number,
  ) {}

  private note(what: string, request: Buffer, answer: Answer): void {
    this.findings.push(
      `${what}\n${request.toString('latin1').slice(0, 1500)}\n-> ${answer.status} ${answer.text.slice(0, 300)}`,
    );
  }
  private async send(request: Buffer, cutAt?: number, port = this.port): Promise<Answer> {
    const answer = await ask(port, request, cutAt);
    this.statuses.set(answer.status, (this.statuses.get(answer.status) ?? 0) + 1);
    if (answer.status === -1) this.note('not answered', request, answer);
    if (answer.status === 500) this.note('internal error', request, answer);
    if (`${answer.headers}${answer.text}`.includes(OUTSIDE))
      this.note('what lies outside the root was read', request, answer);
    if (`${answer.headers}${answer.text}`.includes(SECRET))
      this.note('what lies in another bucket was read', request, answer);
    return answer;
  }

  // ---- requests that mean something ----

  private key(): string {
    const { prng } = this;
    for (;;) {
      const key = Array.from({ length: prng.int(1, 4) }, () => prng.pick(PARTS)).join('/');
      if (key !== '' && Buffer.byteLength(key) <= 1024) return key;
    }
  }
  private async call(
    method: string,
    bucket: string,
    key: string,
    query = '',
    body: Buffer = Buffer.alloc(0),
    more: Record<string, string> = {},
  ): Promise<Answer> {
    const target = `/${bucket}${key === '' ? '' : `/${encodeKey(key)}`}${query === '' ? '' : `?${query}`}`;
    const headers = new Map(
      Object.entries({
        host: `127.0.0.1:${this.port}`,
        connection: 'close',
        'content-length': String(body.length),
        ...more,
      }),
    );
    const request = requestOf(method, target, headers, body);
    const answer = await this.send(request);
    this.last = request;
    return answer;
  }
  private last: Buffer = Buffer.alloc(0);
  private expect(ok: boolean, what: string, answer: Answer): void {
    this.modelled += 1;
    if (!ok) this.note(what, this.last, answer);
  }
  async meaningful(): Promise<void> {
    const { prng } = this;
    const bucket = prng.pick(OPEN);
    const model = this.model.get(bucket)!;
    const known = [...model.keys()];
    const key = known.length > 0 && prng.int(0, 2) > 0 ? prng.pick(known) : this.key();
    const body = Buffer.from(`${prng.u32()} `.repeat(prng.int(0, 60)));
    switch (prng.int(0, 8)) {
      case 0:
      case 1: {
        const made = await this.call('PUT', bucket, key, '', body, { 'x-amz-meta-n': String(body.length) });
        this.expect(made.status === 200, 'a put was refused', made);
        if (made.status === 200) model.set(key, body);
        return;
      }
      case 2: {
        const there = model.get(key);
        const made = await this.call('PUT', bucket, key, '', body, { 'if-none-match': '*' });
        this.expect(made.status === (there === undefined ? 200 : 412), 'If-None-Match: * is not kept', made);
        if (made.status === 200) model.set(key, body);
        return;
      }
      case 3: {
        const gone = await this.call('DELETE', bucket, key);
        this.expect(gone.status === 204, 'a delete was refused', gone);
        model.delete(key);
        return;
      }
      case 4: {
        const from = prng.pick(OPEN);
        const source = this.model.get(from)!.get(key);
        const to = this.key();
        const made = await this.call('PUT', bucket, to, '', Buffer.alloc(0), {
          'x-amz-copy-source': `/${from}/${encodeKey(key)}`,
        });
        const itself = from === bucket && to === key;
        this.expect(made.status === (source === undefined ? 404 : itself ? 400 : 200), 'a copy went wrong', made);
        if (made.status === 200) model.set(to, source!);
        return;
      }
      case 5:
        return this.upload(bucket, key, body);
      case 6:
        return this.list(bucket);
      default: {
        const there = model.get(key);
        const got = await this.call('GET', bucket, key);
        const same =
          there === undefined ? got.status === 404 : got.status === 200 && got.text === there.toString('latin1');
        this.expect(same, 'an object is not what was put', got);
        if (there !== undefined)
          this.expect(
            got.headers.toLowerCase().includes(`etag: ${md5(there)}`) || got.headers.includes('-1"'),
            'a wrong ETag',
            got,
          );
      }
    }
  }
  private async upload(bucket: string, key: string, body: Buffer): Promise<void> {
    const begun = await this.call('POST', bucket, key, 'uploads');
    const id = /<UploadId>([0-9a-f]+)</.exec(begun.text)?.[1];
    this.expect(id !== undefined, 'an upload was refused', begun);
    if (id === undefined) return;
    const part = await this.call('PUT', bucket, key, `partNumber=${this.prng.int(1, 10_000)}&uploadId=${id}`, body);
    const number = /partNumber=(\d+)/.exec(this.last.toString('latin1'))![1];
    this.expect(part.status === 200, 'a part was refused', part);
    if (this.prng.int(0, 3) === 0) {
      this.uploads.push({ bucket, key, id });
      const ended = await this.call('DELETE', bucket, key, `uploadId=${id}`);
      this.expect(ended.status === 204, 'an abort was refused', ended);
      return;
    }
    const xml = `<CompleteMultipartUpload><Part><PartNumber>${number}</PartNumber><ETag>${md5(body)}</ETag></Part></CompleteMultipartUpload>`;
    const made = await this.call('POST', bucket, key, `uploadId=${id}`, Buffer.from(xml));
    this.expect(made.status === 200, 'a completion was refused', made);
    if (made.status === 200) this.model.get(bucket)!.set(key, body);
  }
  private async list(bucket: string): Promise<void> {
    const keys = [...this.model.get(bucket)!.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const found: string[] = [];
    let query = `list-type=2&encoding-type=url&max-keys=${this.prng.int(1, 40)}`;
    for (let pages = 0; pages < 1000; pages++) {
      const page = await this.call('GET', bucket, '', query);
      for (const m of page.text.matchAll(/<Contents><Key>([^<]*)</g))
        found.push(decodeURIComponent(m[1]!.replaceAll('+', '%20')));
      const next = /<NextContinuationToken>([^<]*)</.exec(page.text)?.[1];
      if (page.status !== 200 || next === undefined) {
        const same = JSON.stringify(found) === JSON.stringify(keys);
        this.expect(
          page.status === 200 && same,
          `a listing is wrong: too many ${JSON.stringify(found.filter((k) => !keys.includes(k))).slice(0, 300)}, missing ${JSON.stringify(keys.filter((k) => !found.includes(k))).slice(0, 300)}`,
          page,
        );
        return;
      }
      query = query.replace(/&continuation-token=.*|$/, `&continuation-token=${next}`);
    }
    this.findings.push('a listing has no end');
  }

  // ---- requests that nobody should send ----

  /** Names no bucket of the model: what it may change is its own. */
  async senseless(): Promise<void> {
    const { prng } = this;
    if (prng.int(0, 19) === 0) {
      const bytes = Buffer.from(Array.from({ length: prng.int(1, 400) }, () => prng.int(0, 255)));
      await this.send(
        Buffer.concat([bytes, Buffer.from('\r\n\r\n')]),
        prng.int(0, 1) === 0 ? undefined : bytes.length,
      );
      return;
    }
    const headers = new Map([
      ['host', `127.0.0.1:${this.port}`],
      ['connection', 'close'],
    ]);
    for (let n = prng.int(0, 4); n > 0; n--) {
      const [name, values] = prng.pick(HEADERS);
      headers.set(name, prng.pick(values));
    }
    const body = Buffer.from(prng.pick(BODIES));
    if (prng.int(0, 9) > 0 && headers.get('transfer-encoding') === undefined)
      headers.set('content-length', String(body.length));
    const query = Array.from({ length: prng.int(0, 2) }, () => prng.pick(QUERIES)).join('&');
    const target = prng.pick(TARGETS)(this.key());
    const method = prng.pick(METHODS);
    const request = requestOf(
      method,
      `${target}${query === '' ? '' : `?${query}`}`.replaceAll(/[\r\n ]/g, '%20'),
      headers,
      body,
    );
    const cut = prng.int(0, 9) === 0 ? prng.int(1, request.length) : undefined;
    const expectsBody = headers.has('transfer-encoding') || headers.has('expect');
    // A body that never comes is ended by the server's own clocks, which are not waited for here.
    const keyed = prng.int(0, 3) === 0;
    const end = cut ?? (expectsBody ? request.length : undefined);
    const answer = await this.send(request, end, keyed ? this.keyedPort : this.port);
    const isHealth = target === '/health' && (method === 'GET' || method === 'HEAD');
    if (keyed && !isHealth && answer.status >= 200 && answer.status < 400)
      this.note('served without a signature', request, answer);
  }
}
const TARGETS: readonly ((key: string) => string)[] = [
  (k) => `/junk/${encodeKey(k)}`,
  () => '/junk',
  () => '/',
  () => '/../outside.txt',
  () => '/junk/../../outside.txt',
  () => '/junk/..%2f..%2foutside.txt',
  () => '/%2e%2e/outside.txt',
  () => '/junk/%2e%2e%5coutside.txt',
  () => '/link/outside.txt',
  () => '/junk/link/outside.txt',
  () => '/.slicehouse-tmp/uploads',
  () => '/.slicehouse-meta/hidden',
  () => '/junk/%',
  () => '/junk/%ff%fe',
  () => '//junk//x',
  (k) => `http://127.0.0.1/junk/${encodeKey(k)}`,
  () => '*',
  () => `/junk/${'y'.repeat(3000)}`,
  () => '/constructor/__proto__',
  () => '/health',
  () => '/new-bucket',
];

export async function fuzzS3(options: S3FuzzOptions): Promise<S3FuzzReport> {
  const box = mkdtempSync(join(tmpdir(), 'slicehouse-s3-fuzz-'));
  const root = join(box, 'root');
  for (const b of [...OPEN, 'junk', 'hidden']) mkdirSync(join(root, b), { recursive: true });
  writeFileSync(join(box, 'outside.txt'), OUTSIDE);
  writeFileSync(join(root, 'hidden/secret'), SECRET);
  symlinkSync(box, join(root, 'link'));
  symlinkSync(box, join(root, 'junk/link'));
  const bugs: unknown[] = [];
  const store = new LocalObjectStore(root);
  const server = await startHttpServer({ host: '127.0.0.1', port: 0, store, onError: (e) => bugs.push(e) });
  const keyed = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    store: new LocalObjectStore(root, new Map([['AKID', 'secret']])),
    onError: (e) => bugs.push(e),
  });
  const fuzzer = new S3Fuzzer(new Prng(options.seed), server.port, keyed.port);
  const prng = new Prng(options.seed ^ 0x5eed);
  const { findings } = fuzzer;
  let requests = 0;
  try {
    for (; requests < options.requests && options.enough?.() !== true && findings.length < 20; requests++) {
      if (prng.int(0, 1) === 0) await fuzzer.meaningful();
      // Several at a time: they may meet each other.
      else await Promise.all(Array.from({ length: prng.int(1, 4) }, () => fuzzer.senseless()));
      if (!existsSync(join(root, 'junk'))) mkdirSync(join(root, 'junk'));
      for (const bug of bugs.splice(0)) findings.push(`a bug: ${bug instanceof Error ? bug.stack : String(bug)}`);
      const around = readdirSync(box).sort().join();
      if (around !== 'outside.txt,root') findings.push(`files outside the root: ${around}`);
      if (readFileSync(join(box, 'outside.txt'), 'utf8') !== OUTSIDE)
        findings.push('a file outside the root was changed');
      if (readFileSync(join(root, 'hidden/secret'), 'utf8') !== SECRET) findings.push('another bucket was changed');
      if (requests % 500 === 499) options.log?.(`${requests + 1} requests, ${findings.length} findings`);
    }
    const health = await fetch(`http://127.0.0.1:${server.port}/health`);
    if (health.status !== 200) findings.push(`the server is not well: ${health.status}`);
  } finally {
    await server.close();
    await keyed.close();
    rmSync(box, { recursive: true, force: true });
  }
  return { requests, modelled: fuzzer.modelled, statuses: fuzzer.statuses, findings };
}
