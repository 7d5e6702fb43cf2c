/**
 * What a process or thread that was killed had written is read as if it were on disk, though it may be in the operating
 * system's memory alone. Whoever is going to rely on a file it has found, and write others because of it, settles it first.
 */
import type { Disk } from './disk.ts';

export function settleFile(disk: Disk, path: string): void {
  if (!disk.exists(path)) return;
  const file = disk.open(path, 'append');
  try {
    file.sync();
  } finally {
    file.close();
  }
}
