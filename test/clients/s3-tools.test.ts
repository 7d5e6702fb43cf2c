/**
 * boto3 (every version that is found here) and the AWS command line against the S3 door, signatures verified, with nothing but
 * the endpoint. What is not installed is skipped.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { sampled } from '../../src/common/test-trials.ts';
import { missing, run } from './cluster.ts';
import { KEY_ID, SECRET, startDoor, type TestDoor } from './s3-door.ts';

// A command starts in a second or two, and there are some fifty.
vi.setConfig({ testTimeout: 300_000 });
let door: TestDoor;
let count = 0;
const folder = mkdtempSync(join(tmpdir(), 'slicehouse-aws-'));
beforeAll(async () => {
  door = await startDoor({ keys: true });
});
afterAll(async () => {
  expect(door.bugs).toEqual([]);
  await door.close();
  rmSync(folder, { recursive: true });
});
/** The same program under two paths counts once. */
const distinct = (commands: readonly string[], version: readonly string[]): readonly string[] => {
  const seen = new Map<string, string>();
  for (const command of commands) {
    try {
      seen.set(execFileSync(command, version, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }), command);
    } catch {
      if (seen.size === 0) seen.set('', command);
    }
  }
  if (seen.size > 1) seen.delete('');
  return [...seen.values()];
};
const VERSION = 'import boto3, sys; print(boto3.__version__, sys.version)';

describe('boto3', () => {
  test.for(sampled('boto3', distinct(['/usr/bin/python3', 'python3'], ['-c', VERSION]), 1))(
    'of %s',
    async (python, context) => {
      const reason = missing(python, ['-c', 'import boto3'], 'boto3');
      if (reason !== undefined) context.skip(reason);
      const program = join(import.meta.dirname, 'programs/boto3_check.py');
      const { out, err, code } = await run(python, [program, door.url, KEY_ID, SECRET, `boto-${(count += 1)}`], '', {
        AWS_EC2_METADATA_DISABLED: 'true',
      });
      expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
      const [ok, calls] = out.trim().split(' ');
      expect(ok).toBe('ok');
      expect(Number(calls)).toBeGreaterThan(150);
    },
  );
});

describe('aws', () => {
  test.for(['aws'])('of %s', async (aws, context) => {
    const reason = missing(aws, ['--version'], 'the AWS command line');
    if (reason !== undefined) context.skip(reason);
    const at = mkdtempSync(join(folder, 'cli-'));
    const call = async (text: string, code = 0): Promise<string> => {
      const args = text.match(/"[^"]*"|\S+/g)!.map((a) => a.replaceAll('"', ''));
      const made = await run(aws, [...args, '--endpoint-url', door.url], '', {
        AWS_ACCESS_KEY_ID: KEY_ID,
        AWS_SECRET_ACCESS_KEY: SECRET,
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_CONFIG_FILE: join(at, 'none'),
        AWS_SHARED_CREDENTIALS_FILE: join(at, 'none'),
        AWS_PAGER: '',
      });
      expect({ text, code: made.code, err: made.code === code ? '' : made.err }).toEqual({ text, code, err: '' });
      return code === 0 ? made.out : made.err;
    };
    const json = async (text: string): Promise<Record<string, unknown>> =>
      JSON.parse(await call(text)) as Record<string, unknown>;
    const big = Buffer.alloc(17 * 1024 * 1024, 'big');
    mkdirSync(join(at, 'tree/deep/er'), { recursive: true });
    writeFileSync(join(at, 'big'), big);
    writeFileSync(join(at, 'tree/a.csv'), 'a\n');
    writeFileSync(join(at, 'tree/deep/b c.csv'), 'bc\n');
    writeFileSync(join(at, 'tree/deep/er/ü.csv'), 'ü\n');

    await call('s3 mb s3://cli');
    expect(await call('s3 ls')).toMatch(/ cli\n/);
    await call(`s3 cp ${at}/tree/a.csv s3://cli/one/a.csv --metadata k=v --content-type text/csv`);
    expect(await call('s3 ls s3://cli/')).toMatch(/PRE one\//);
    expect(await call('s3 cp s3://cli/one/a.csv -')).toBe('a\n');
    await call(`s3 cp ${at}/big s3://cli/big`);
    await call(`s3 cp s3://cli/big ${at}/big2`);
    expect(readFileSync(join(at, 'big2')).equals(big)).toBe(true);
    expect((await json('s3api head-object --bucket cli --key big'))['ETag']).toMatch(/-3"$/);
    await call(`s3 sync ${at}/tree s3://cli/tree`);
    expect(await call(`s3 sync ${at}/tree s3://cli/tree`)).toBe('');
    expect((await call('s3 ls s3://cli/tree --recursive')).split('\n')).toHaveLength(4);
    await call(`s3 sync s3://cli/tree ${at}/back`);
    expect(readFileSync(join(at, 'back/deep/er/ü.csv'), 'utf8')).toBe('ü\n');
    await call('s3 mv s3://cli/one/a.csv s3://cli/two/a.csv');
    expect(await call('s3 ls s3://cli/one/', 1)).toBe('');
    await call('s3 cp s3://cli/tree s3://cli/copy --recursive');
    await call('s3 rm s3://cli/copy --recursive --exclude * --include *.csv');
    expect(await call('s3 presign s3://cli/two/a.csv')).toMatch(/Signature=/);
    expect(await json('s3api head-object --bucket cli --key two/a.csv')).toMatchObject({
      ContentType: 'text/csv',
      Metadata: { k: 'v' },
    });
    expect((await json('s3api list-objects-v2 --bucket cli --prefix tree --page-size 1'))['Contents']).toHaveLength(
      3,
    );
    expect((await json('s3api list-object-versions --bucket cli --prefix two'))['Versions']).toHaveLength(1);
    await call('s3api put-object-tagging --bucket cli --key big --tagging TagSet=[{Key=a,Value=b}]');
    expect((await json('s3api get-object-tagging --bucket cli --key big'))['TagSet']).toEqual([
      { Key: 'a', Value: 'b' },
    ]);
    expect((await json('s3api get-bucket-acl --bucket cli'))['Grants']).toHaveLength(1);
    expect(
      (await json('s3api get-object-attributes --bucket cli --key big --object-attributes ObjectSize'))['ObjectSize'],
    ).toBe(big.length);
    const upload = (await json('s3api create-multipart-upload --bucket cli --key mp'))['UploadId'] as string;
    await call(
      `s3api upload-part --bucket cli --key mp --upload-id ${upload} --part-number 1 --body ${at}/tree/a.csv`,
    );
    expect((await json(`s3api list-parts --bucket cli --key mp --upload-id ${upload}`))['Parts']).toHaveLength(1);
    await call(`s3api abort-multipart-upload --bucket cli --key mp --upload-id ${upload}`);
    await call(`s3api get-object --bucket cli --key two/a.csv --range bytes=0-0 ${at}/range`);
    expect(readFileSync(join(at, 'range'), 'utf8')).toBe('a');
    expect(
      await call('s3api get-object --bucket cli --key none /dev/null', 254).catch(() =>
        call('s3api get-object --bucket cli --key none /dev/null', 255),
      ),
    ).toMatch(/NoSuchKey/);
    await call('s3 rb s3://cli --force');
    expect(await call('s3 ls')).not.toMatch(/cli/);
  });
});
