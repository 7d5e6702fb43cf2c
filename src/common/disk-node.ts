/**
 * The real disk: node:fs, synchronous, under one root folder. Errors of the operating system pass through unchanged;
 * slices turn ENOSPC into `Disk Full`.
 */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { assert } from './assert.ts';
import type { Disk, DiskFile } from './disk.ts';

class NodeFile implements DiskFile {
  /** -1 once closed: the number may be another file's by then. */
  private fd: number;
  constructor(
    readonly path: string,
    full: string,
    mode: 'read' | 'create' | 'append',
  ) {
    if (mode === 'append' && !fs.existsSync(full)) fs.closeSync(fs.openSync(full, 'a'));
    this.fd = fs.openSync(full, mode === 'read' ? 'r' : mode === 'create' ? 'w+' : 'r+');
  }
  size(): number {
    return fs.fstatSync(this.fd).size;
  }
  read(position: number, into: Uint8Array): void {
    let done = 0;
    while (done < into.length) {
      const got = fs.readSync(this.fd, into, done, into.length - done, position + done);
      assert(got > 0, `${this.path} ends before byte ${position + into.length}`);
      done += got;
    }
  }
  write(position: number, bytes: Uint8Array): void {
    let done = 0;
    while (done < bytes.length) done += fs.writeSync(this.fd, bytes, done, bytes.length - done, position + done);
  }
  async writeAsync(position: number, bytes: Uint8Array): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      done += await new Promise<number>((resolve, reject) => {
        fs.write(this.fd, bytes, done, bytes.length - done, position + done, (error, written) =>
          error === null ? resolve(written) : reject(error),
        );
      });
    }
  }
  truncate(size: number): void {
    fs.ftruncateSync(this.fd, size);
  }
  sync(): void {
    fs.fdatasyncSync(this.fd);
  }
  syncAsync(): Promise<void> {
    return new Promise((resolve, reject) => {
      fs.fdatasync(this.fd, (error) => (error === null ? resolve() : reject(error)));
    });
  }
  close(): void {
    if (this.fd === -1) return;
    const { fd } = this;
    this.fd = -1;
    fs.closeSync(fd);
  }
}

export function nodeDisk(root: string): Disk {
  fs.mkdirSync(root, { recursive: true });
  const full = (path: string): string => join(root, path);
  return {
    open: (path, mode) => new NodeFile(path, full(path), mode),
    exists: (path) => fs.existsSync(full(path)),
    capacityBytes: () => {
      const { blocks, bsize } = fs.statfsSync(root);
      return blocks * bsize;
    },
    createExclusive(path, bytes) {
      try {
        fs.writeFileSync(full(path), bytes, { flag: 'wx' });
        return true;
      } catch (error) {
        if ((error as { readonly code?: string }).code === 'EEXIST') return false;
        throw error;
      }
    },
    remove: (path) => fs.rmSync(full(path), { force: true }),
    rename: (from, to) => fs.renameSync(full(from), full(to)),
    list: (directory) => (fs.existsSync(full(directory)) ? fs.readdirSync(full(directory)).sort() : []),
    makeDirectory: (path) => void fs.mkdirSync(full(path), { recursive: true }),
    removeDirectory: (path) => fs.rmSync(full(path), { recursive: true, force: true }),
    syncDirectory(path) {
      const fd = fs.openSync(full(path), 'r');
      try {
        fs.fsyncSync(fd);
      } finally {
        fs.closeSync(fd);
      }
    },
  };
}
