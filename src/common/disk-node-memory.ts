/**
 * The disk of `--memory` for the slices of one node: what the owner of the node's ALL tables has synced is readable by
 * the node's other slices. Files lie in SharedArrayBuffers whose handles travel over a BroadcastChannel; nothing is
 * copied between threads. A reader looks into its channel before it looks for a file, so a file that was synced before
 * the reader was told of it is always there. Opened by slice-worker; renames are not published (block files are never
 * renamed).
 */
import { BroadcastChannel, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import type { Disk } from './disk.ts';
import { MemoryData, memoryDisk } from './disk-memory.ts';

interface Published {
  readonly path: string;
  /** Undefined: the file is gone. */
  readonly bytes: SharedArrayBuffer | undefined;
}

function open(channelName: string): BroadcastChannel {
  const channel = new BroadcastChannel(channelName);
  channel.unref();
  return channel;
}

/** The owner's disk. */
export function publishingMemoryDisk(channelName: string): Disk {
  const channel = open(channelName);
  return memoryDisk({
    onSync(path, data) {
      const bytes = new SharedArrayBuffer(data.length);
      const view = new Uint8Array(bytes);
      view.set(data.bytes.subarray(0, data.length));
      data.bytes = view;
      channel.postMessage({ path, bytes } satisfies Published);
    },
    onRemove: (path) => channel.postMessage({ path, bytes: undefined } satisfies Published),
  });
}

/** Another slice's view of the owner's disk. `pull` takes in what was published; reading does so by itself. */
export function followingMemoryDisk(channelName: string): Disk & { pull(): void } {
  const channel = open(channelName);
  const files = new Map<string, MemoryData>();
  const disk = memoryDisk({ files });
  const pull = (): void => {
    // Node takes a BroadcastChannel here, its types only know of ports.
    const port = channel as unknown as MessagePort;
    for (let m = receiveMessageOnPort(port); m; m = receiveMessageOnPort(port)) {
      const { path, bytes } = m.message as Published;
      if (bytes === undefined) {
        files.delete(path);
        continue;
      }
      const data = new MemoryData();
      data.bytes = new Uint8Array(bytes);
      data.length = bytes.byteLength;
      files.set(path, data);
    }
  };
  return {
    ...disk,
    pull,
    open(path, mode) {
      pull();
      return disk.open(path, mode);
    },
    exists(path) {
      pull();
      return disk.exists(path);
    },
    list(directory) {
      pull();
      return disk.list(directory);
    },
  };
}
