/**
 * The compressions of objects by name: COPY's and UNLOAD's option in lower case.
 */
import type { CodecName } from '../../common/compress/compression.ts';
import { bzip2 } from './bzip2.ts';
import type { ObjectCodec } from './codec.ts';
import { gzip } from './gzip.ts';
import { lzop } from './lzop.ts';
import { zstd } from './zstd.ts';

export const CODECS: Readonly<Record<CodecName, ObjectCodec>> = { gzip, bzip2, lzop, zstd };
