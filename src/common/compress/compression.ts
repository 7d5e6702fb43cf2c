/**
 * How an object of COPY or UNLOAD is compressed: an option's name in lower case. Entries: s3/codecs.
 */
export type CodecName = 'gzip' | 'bzip2' | 'lzop' | 'zstd';
export type Compression = 'none' | CodecName;
