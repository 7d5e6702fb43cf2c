/**
 * What a bucket has beside its objects: region, tags, policy, default encryption, canned ACL, object ownership, public access block. In
 * `.slicehouse-buckets/<bucket>.json`; a folder that was dropped in has none, and answers in every region.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HIDDEN } from './key-path.ts';
import { readJson, writeWhole } from './meta-files.ts';
import type { Tags } from './object-details.ts';
import type { ServerSideEncryption } from './server-side-encryption.ts';

export const PUBLIC_ACCESS = [
  'BlockPublicAcls',
  'IgnorePublicAcls',
  'BlockPublicPolicy',
  'RestrictPublicBuckets',
] as const;
export type PublicAccess = Readonly<Record<(typeof PUBLIC_ACCESS)[number], boolean>>;
export const OWNERSHIPS = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'] as const;
export type Ownership = (typeof OWNERSHIPS)[number];

export interface BucketSettings {
  readonly region?: string | undefined;
  readonly createdMs?: number | undefined;
  readonly tags?: Tags | undefined;
  /** JSON as it was put. */
  readonly policy?: string | undefined;
  readonly acl?: string | undefined;
  /** Of objects whose writer asks for none; undefined: SSE-S3. */
  readonly encryption?: ServerSideEncryption | undefined;
  /** Null: deleted, which lets ACLs act. */
  readonly ownership?: Ownership | null | undefined;
  /** Null: deleted, nothing is blocked. */
  readonly publicAccess?: PublicAccess | null | undefined;
}
/** As S3 makes buckets since April 2023. */
export const ALL_BLOCKED: PublicAccess = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};
const NOTHING_BLOCKED: PublicAccess = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};
export const ownershipOf = (s: BucketSettings): Ownership =>
  s.ownership === null ? 'ObjectWriter' : (s.ownership ?? 'BucketOwnerEnforced');
export const publicAccessOf = (s: BucketSettings): PublicAccess =>
  s.publicAccess === null ? NOTHING_BLOCKED : (s.publicAccess ?? ALL_BLOCKED);

export class BucketSettingsFiles {
  constructor(private readonly root: string) {}
  async read(bucket: string): Promise<BucketSettings> {
    return (await readJson<BucketSettings>(this.path(bucket))) ?? {};
  }
  async write(bucket: string, settings: BucketSettings): Promise<void> {
    await mkdir(join(this.root, `${HIDDEN}-buckets`), { recursive: true });
    await writeWhole(this.path(bucket), JSON.stringify(settings));
  }
  remove(bucket: string): Promise<void> {
    return rm(this.path(bucket), { force: true });
  }
  private path(bucket: string): string {
    return join(this.root, `${HIDDEN}-buckets`, `${bucket}.json`);
  }
}
