/** Options, variables, defaults, and all mistakes named at once. */
import { expect, test } from 'vitest';
import { parseConfig } from './config.ts';

test('defaults', () => {
  expect(parseConfig([])).toEqual({
    port: 5439,
    httpPort: 5440,
    host: '127.0.0.1',
    dataDir: './slicehouse-data',
    memory: false,
    nodes: 2,
    slices: 2,
    s3Root: 'slicehouse-data/s3',
    database: 'dev',
    user: 'awsuser',
    password: undefined,
    tls: 'on',
    region: 'us-east-1',
    largeStrings: false,
    log: 'text',
  });
});
test('the command line wins over variables, variables over defaults', () => {
  const env = {
    SLICEHOUSE_PORT: '1000',
    SLICEHOUSE_NODES: '1',
    SLICEHOUSE_MEMORY: 'true',
    SLICEHOUSE_DATA_DIR: '/d',
  };
  expect(parseConfig(['--port', '2000', '--http-port=0', '--s3-root', '/b'], env)).toMatchObject({
    port: 2000,
    httpPort: 0,
    nodes: 1,
    memory: true,
    dataDir: '/d',
    s3Root: '/b',
  });
  expect(parseConfig(['--memory'])).toMatchObject({ memory: true });
});
test('every mistake is named, with where it came from', () => {
  const out = parseConfig(['--port', 'abc', '--bogus', '--slices', '0', 'stray', '--database'], {
    SLICEHOUSE_NODES: '-3',
  });
  expect(out).toHaveProperty('error');
  const { error } = out as { error: string };
  expect(error.split('\n').sort()).toEqual([
    '--database needs a value',
    '--port must be a whole number from 0 to 65535, not "abc"',
    '--slices must be a whole number from 1 to 128, not "0"',
    'SLICEHOUSE_NODES must be a whole number from 1 to 128, not "-3"',
    'unexpected argument "stray"',
    'unknown option --bogus',
  ]);
});
test('limits across options; other machines need a password', () => {
  expect(parseConfig(['--nodes', '64', '--slices', '4'])).toHaveProperty(
    'error',
    '--nodes x --slices may be at most 128 slices, not 256',
  );
  expect(parseConfig(['--host', '0.0.0.0'])).toHaveProperty('error');
  expect(parseConfig(['--host', '0.0.0.0', '--password', 'Secret12'])).toMatchObject({
    host: '0.0.0.0',
    password: 'Secret12',
  });
  expect(JSON.stringify(parseConfig(['--password', '', '--port', 'x']))).not.toContain('not \\"\\"');
});
test('help and version', () => {
  expect(parseConfig(['--help', '--port', 'x'])).toHaveProperty('help');
  expect((parseConfig(['-h']) as { help: string }).help).toMatch(/--data-dir DIR +where/);
  expect(parseConfig(['--version'])).toEqual({ version: true });
});
test('TLS: a mode, and certificate and key together', () => {
  expect(parseConfig(['--tls', 'required', '--tls-cert', 'c.pem', '--tls-key', 'k.pem'])).toMatchObject({
    tls: 'required',
    tlsCert: 'c.pem',
    tlsKey: 'k.pem',
  });
  expect(parseConfig([], { SLICEHOUSE_TLS: 'off' })).toMatchObject({ tls: 'off' });
  expect(parseConfig(['--tls', 'maybe'])).toMatchObject({
    error: expect.stringContaining('must be on, off') as string,
  });
  expect(parseConfig(['--tls-cert', 'c.pem'])).toMatchObject({
    error: expect.stringContaining('together') as string,
  });
});
