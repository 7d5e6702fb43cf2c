/**
 * Multipart uploads at the S3 door: create, parts (sent or copied), complete, abort. Called by s3.ts.
 */
import { S3_XML_BYTES_MAX } from '../common/limits.ts';
import { CHECKSUMS } from '../s3/checksum.ts';
import { S3Error, invalidArgument } from '../s3/key-path.ts';
import { encryptionOf } from '../s3/server-side-encryption.ts';
import { PARTS_MAX, type NamedPart } from '../s3/uploads.ts';
import { namedAlgorithm, objectOptions } from './object-headers.ts';
import { headerOf, isoTime, send, sendXml, type Call } from './s3-call.ts';
import { checksumElement } from './s3-listings.ts';
import { checkAcl, copySource, writeConditions } from './s3-objects.ts';
import { uploadBody } from './upload-body.ts';
import { element, malformedXml, readLeaves } from './xml.ts';

const invalid = (message: string): S3Error => new S3Error('InvalidRequest', 400, message);

function checksumType(call: Call, algorithm: string | undefined): 'FULL_OBJECT' | 'COMPOSITE' | undefined {
  const asked = headerOf(call, 'x-amz-checksum-type')?.toUpperCase();
  if (asked !== undefined && asked !== 'FULL_OBJECT' && asked !== 'COMPOSITE')
    throw invalid('Value for x-amz-checksum-type header is invalid.');
  if (algorithm === undefined) {
    if (asked !== undefined)
      throw invalid('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.');
    return undefined;
  }
  const type = asked ?? (algorithm === 'crc64nvme' ? 'FULL_OBJECT' : 'COMPOSITE');
  if ((type === 'COMPOSITE' && algorithm === 'crc64nvme') || (type === 'FULL_OBJECT' && algorithm.startsWith('sha')))
    throw invalid(`The ${type} checksum type cannot be used with the ${algorithm} checksum algorithm.`);
  return type;
}
export async function createUpload(call: Call): Promise<void> {
  const { bucket, key } = call;
  const options = objectOptions(call.request.headers, await call.store.settings(bucket));
  await checkAcl(call, options.acl);
  const algorithm = namedAlgorithm(call.request.headers);
  const type = checksumType(call, algorithm);
  const id = await call.uploads.create({ bucket, key, options, algorithm, type });
  sendXml(
    call,
    'InitiateMultipartUploadResult',
    element('Bucket', bucket) + element('Key', key) + element('UploadId', id),
    {
      ...encryptionOf(options.headers),
      ...(algorithm === undefined
        ? {}
        : { 'x-amz-checksum-algorithm': algorithm.toUpperCase(), 'x-amz-checksum-type': type! }),
    },
  );
}
const numberOf = (call: Call): number => {
  const text = call.query.get('partNumber') ?? '';
  if (!/^\d{1,6}$/.test(text) || Number(text) < 1 || Number(text) > PARTS_MAX)
    throw new S3Error(
      'InvalidArgument',
      400,
      `Part number must be an integer between 1 and ${PARTS_MAX}, inclusive`,
      {
        ArgumentName: 'partNumber',
        ArgumentValue: text,
      },
    );
  return Number(text);
};
export async function uploadPart(call: Call): Promise<void> {
  const source = headerOf(call, 'x-amz-copy-source');
  if (source !== undefined) return copyPart(call, source);
  const { body, algorithm } = uploadBody(call.request, { chunks: call.caller.chunks });
  const id = call.query.get('uploadId')!;
  const part = await call.uploads.part(id, call, numberOf(call), body, algorithm);
  send(call, 200, {
    etag: part.etag,
    ...encryptionOf((await call.uploads.need(id, call)).options.headers),
    ...(algorithm === undefined || part.checksum === undefined
      ? {}
      : { [`x-amz-checksum-${part.checksum.algorithm}`]: part.checksum.value }),
  });
}
async function copyPart(call: Call, source: string): Promise<void> {
  const id = call.query.get('uploadId')!;
  const upload = await call.uploads.need(id, call);
  const from = await copySource(call, source);
  try {
    const { size } = from.info;
    const text = headerOf(call, 'x-amz-copy-source-range');
    let [start, end] = [0, size];
    if (text !== undefined) {
      const m = /^bytes=(\d{1,16})-(\d{1,16})$/.exec(text);
      if (m === null)
        throw invalidArgument(
          'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
        );
      [start, end] = [Number(m[1]), Number(m[2]) + 1];
      if (start >= end || end > size)
        throw new S3Error('InvalidArgument', 400, `Range specified is not valid for source object of size: ${size}`, {
          ArgumentName: 'x-amz-copy-source-range',
          ArgumentValue: text,
        });
    }
    const body = start < end ? from.stream(start, end) : empty();
    const part = await call.uploads.part(id, call, numberOf(call), body, upload.algorithm);
    sendXml(
      call,
      'CopyPartResult',
      `${element('LastModified', isoTime(part.modifiedMs))}${element('ETag', part.etag)}${part.checksum === undefined ? '' : checksumElement(part.checksum)}`,
    );
  } finally {
    await from.close();
  }
}
async function* empty(): AsyncGenerator<Uint8Array> {
  // No piece at all.
}

export async function completeUpload(call: Call): Promise<void> {
  const id = call.query.get('uploadId')!;
  const conditions = writeConditions(call);
  // Its checksum headers speak of the object, not of this body.
  const { 'content-length': length, 'transfer-encoding': coding } = call.request.headers;
  if (length === undefined && coding === undefined)
    throw new S3Error('MissingContentLength', 411, 'You must provide the Content-Length HTTP header.');
  const { body, checksum } = completionBody(call);
  const leaves = await readLeaves(body, 'CompleteMultipartUpload');
  const parts = new Map<number, { number: number; etag: string | undefined; checksums: Map<string, string> }>();
  for (const { path, parent, text } of leaves) {
    const part = parts.get(parent) ?? { number: NaN, etag: undefined, checksums: new Map<string, string>() };
    const name = /^CompleteMultipartUpload\/Part\/(\w+)$/.exec(path)?.[1] ?? '';
    const algorithm = /^Checksum(\w+)$/.exec(name)?.[1]?.toLowerCase();
    if (name === 'PartNumber') part.number = Number(text);
    else if (name === 'ETag') part.etag = text;
    else if (algorithm !== undefined && algorithm in CHECKSUMS) part.checksums.set(algorithm, text);
    else throw malformedXml();
    parts.set(parent, part);
  }
  const named: readonly NamedPart[] = [...parts.values()];
  if (named.length === 0) throw malformedXml();
  if (named.some((p) => !Number.isInteger(p.number) || p.number < 1 || p.number > PARTS_MAX || p.etag === undefined))
    throw malformedXml();
  const size = headerOf(call, 'x-amz-mp-object-size');
  if (size !== undefined && !/^\d{1,16}$/.test(size)) throw invalid('The x-amz-mp-object-size header is invalid.');
  const made = await call.uploads.complete(id, call, named, {
    ...conditions,
    size: size === undefined ? undefined : Number(size),
    checksum,
    type: headerOf(call, 'x-amz-checksum-type')?.toUpperCase(),
  });
  const host = call.request.headers.host ?? 'localhost';
  sendXml(
    call,
    'CompleteMultipartUploadResult',
    `${element('Location', `http://${host}/${call.bucket}/${encodeURIComponent(call.key)}`)}${element('Bucket', call.bucket)}${element('Key', call.key)}${element('ETag', made.etag)}${checksumElement(made.checksum!)}${element('ChecksumType', made.checksum!.type)}`,
    encryptionOf(made.headers),
  );
}
/** The body without what its headers say of the object. */
function completionBody(call: Call): {
  readonly body: AsyncIterable<Uint8Array>;
  readonly checksum: { readonly algorithm: string; readonly value: string } | undefined;
} {
  const { headers } = call.request;
  let checksum: { algorithm: string; value: string } | undefined;
  for (const algorithm of Object.keys(CHECKSUMS)) {
    const value = headers[`x-amz-checksum-${algorithm}`];
    if (value === undefined || algorithm === 'md5') continue;
    checksum = { algorithm, value: String(value) };
    delete headers[`x-amz-checksum-${algorithm}`];
  }
  return {
    body: uploadBody(call.request, { bytesMax: S3_XML_BYTES_MAX, chunks: call.caller.chunks }).body,
    checksum,
  };
}
export async function abortUpload(call: Call): Promise<void> {
  await call.uploads.abort(call.query.get('uploadId')!, call);
  send(call, 204);
}
