/**
 * A data directory: one server at a time, stale locks, and what is missing or damaged is named.
 */
import { describe, expect, it } from 'vitest';
import { acquireDataDirectory } from './data-directory.ts';
import { FakeDisk } from './disk-fake.ts';

describe('data directory', () => {
  const topology = { nodes: 2, slices: 1 };
  it('refuses a second server and another format, takes over a dead one', () => {
    const disk = new FakeDisk();
    const first = acquireDataDirectory({ disk, name: '/data', pid: 10, isAlive: () => true });
    expect(first.fresh).toBe(true);
    expect(() => acquireDataDirectory({ disk, name: '/data', pid: 11, isAlive: () => true })).toThrow(
      'data directory "/data" is in use by another server (pid 10)',
    );
    expect(() => acquireDataDirectory({ disk, name: '/data', pid: 10, isAlive: () => true })).toThrow('in use');
    const second = acquireDataDirectory({ disk, name: '/data', pid: 11, isAlive: () => false });
    expect(second.fresh).toBe(false);
    expect(second.warehouse).toBe(first.warehouse);
    second.release();
    disk.files.get('FORMAT')!.data = new TextEncoder().encode('slicehouse 99\n');
    expect(() => acquireDataDirectory({ disk, name: '/data', pid: 12, isAlive: () => false })).toThrow(
      'slicehouse 99',
    );
  });

  it('a lock whose process id went to another process is stale; one of a living server is not', () => {
    const disk = new FakeDisk();
    const lock = (owner: object): void => {
      disk.files.delete('server.lock');
      const file = disk.open('server.lock', 'create');
      file.write(0, new TextEncoder().encode(JSON.stringify(owner)));
    };
    acquireDataDirectory({ disk, name: '/data' }).release();
    // The parent process lives, but did not start when the lock says.
    lock({ pid: process.ppid, token: 'old', started: 'another-boot 12345' });
    if (process.platform === 'linux') acquireDataDirectory({ disk, name: '/data' }).release();
    lock({ pid: process.ppid, token: 'old', started: 'ms 1000' });
    acquireDataDirectory({ disk, name: '/data' }).release();
    // Without the start nobody can tell: a living process counts.
    lock({ pid: process.ppid, token: 'old' });
    expect(() => acquireDataDirectory({ disk, name: '/data' })).toThrow('in use');
    lock({ pid: 999_999_999, token: 'old' });
    acquireDataDirectory({ disk, name: '/data' }).release();
  });

  it('what is missing or damaged is named; a first start that a crash ended is done again', () => {
    const disk = new FakeDisk();
    acquireDataDirectory({ disk, name: '/data', topology }).release();
    const begun = disk.copy();
    begun.files.delete('FORMAT');
    expect(acquireDataDirectory({ disk: begun, name: '/data', topology }).made).toBe(false);
    const whole = acquireDataDirectory({ disk, name: '/data', topology });
    whole.complete();
    whole.release();
    const refusal = (change: (disk: FakeDisk) => void, other = topology): string => {
      const damaged = disk.copy();
      change(damaged);
      try {
        acquireDataDirectory({ disk: damaged, name: '/data', topology: other });
        return 'taken';
      } catch (error) {
        expect(damaged.files.has('server.lock')).toBe(false);
        return (error as Error).message;
      }
    };
    const text = (file: string, content: string) => (d: FakeDisk) =>
      void (d.files.get(file)!.data = new TextEncoder().encode(content));
    expect(refusal(() => undefined)).toBe('taken');
    expect(refusal((d) => void d.files.delete('FORMAT'))).toBe('data directory "/data": FORMAT is missing');
    expect(refusal(text('FORMAT', ''))).toBe('data directory "/data": FORMAT is empty');
    expect(refusal(text('FORMAT', 'slicehousf 2'))).toBe('data directory "/data": FORMAT is damaged');
    for (const format of ['slicehouse 2', 'slicehouse 3', 'slicehouse 99'])
      expect(refusal(text('FORMAT', format))).toContain(`has format "${format}"`);
    expect(refusal((d) => void d.files.delete('CLUSTER'))).toBe('data directory "/data": CLUSTER is missing');
    expect(refusal(text('CLUSTER', ''))).toBe('data directory "/data": CLUSTER is damaged');
    expect(refusal(text('CLUSTER', 'null'))).toBe('data directory "/data": CLUSTER is damaged');
    const cluster = new TextDecoder().decode(disk.files.get('CLUSTER')!.data);
    expect(refusal(text('CLUSTER', cluster.replace('"nodes":2', '"nodes":3')))).toContain('CLUSTER is damaged');
    expect(refusal(() => undefined, { nodes: 1, slices: 1 })).toContain('start it with --nodes 2 --slices 1');
    const parts = (d: FakeDisk): void => {
      d.files.delete('FORMAT');
      d.files.delete('CLUSTER');
      d.open('root-a', 'create');
    };
    expect(refusal(parts)).toBe('data directory "/data": FORMAT is missing, but root-a is there');
  });
});
