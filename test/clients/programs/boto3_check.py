"""boto3 against the S3 door with nothing but the endpoint: every call is counted, the count is printed. Works with boto3 1.26 on."""
import datetime, hashlib, io, os, sys, tempfile, urllib.error, urllib.parse, urllib.request
import boto3
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

url, access, secret = sys.argv[1:4]
keys = dict(aws_access_key_id=access, aws_secret_access_key=secret, region_name='us-east-1', endpoint_url=url)
s3 = boto3.client('s3', **keys)
new = tuple(int(n) for n in boto3.__version__.split('.')[:2]) >= (1, 36)
calls = 0


def counted(**_):
    global calls
    calls += 1


s3.meta.events.register('after-call.s3', counted)


def same(a, b):
    assert a == b, f'{a!r} is not {b!r}'


def refused(code, call, **args):
    try:
        call(**args)
    except ClientError as e:
        same(e.response['Error']['Code'], code)
        return e.response
    raise AssertionError(f'{call} was not refused with {code}')


name = sys.argv[4]
B = dict(Bucket=name)
s3.create_bucket(**B)
s3.get_waiter('bucket_exists').wait(**B)
same(name in [b['Name'] for b in s3.list_buckets()['Buckets']], True)
same(s3.get_bucket_location(**B)['LocationConstraint'], None)
same(s3.head_bucket(**B)['ResponseMetadata']['HTTPHeaders']['x-amz-bucket-region'], 'us-east-1')
refused('404', s3.head_bucket, Bucket='nobody')
refused('NoSuchBucket', s3.list_objects_v2, Bucket='nobody')
refused('InvalidBucketName', s3.create_bucket, Bucket='sthree-x')

# Objects, metadata, ranges, conditions.
expires = datetime.datetime(2031, 1, 2, tzinfo=datetime.timezone.utc)
put = s3.put_object(**B, Key='a', Body=b'hello world', ContentType='text/plain', Metadata={'k': 'v', 'k2': 'w'}, Expires=expires,
                    CacheControl='no-cache', ContentLanguage='de', ContentDisposition='inline', Tagging='x=1&y=2')
same(put['ETag'], '"5eb63bbbe01eeed093cb22bb8f5acdc3"')
got = s3.get_object(**B, Key='a')
same(got['Body'].read(), b'hello world')
same([got[k] for k in ('ContentType', 'CacheControl', 'ContentLanguage', 'ContentDisposition')], ['text/plain', 'no-cache', 'de', 'inline'])
same((got['Metadata'], got['TagCount'], got['ServerSideEncryption']), ({'k': 'v', 'k2': 'w'}, 2, 'AES256'))
same(s3.get_object(**B, Key='a', Range='bytes=6-')['Body'].read(), b'world')
same(s3.get_object(**B, Key='a', Range='bytes=-2')['ContentRange'], 'bytes 9-10/11')
refused('InvalidRange', s3.get_object, **B, Key='a', Range='bytes=50-')
refused('NoSuchKey', s3.get_object, **B, Key='none')
refused('404', s3.head_object, **B, Key='none')
refused('304', s3.get_object, **B, Key='a', IfNoneMatch=put['ETag'])
refused('PreconditionFailed', s3.get_object, **B, Key='a', IfMatch='"x"')
refused('412', s3.head_object, **B, Key='a', IfMatch='"x"')
s3.get_object(**B, Key='a', IfModifiedSince=datetime.datetime(2001, 1, 1))
refused('304', s3.get_object, **B, Key='a', IfModifiedSince=datetime.datetime(2100, 1, 1))
if new:
    refused('PreconditionFailed', s3.put_object, **B, Key='a', Body=b'', IfNoneMatch='*')
    s3.put_object(**B, Key='a2', Body=b'', IfNoneMatch='*')
    refused('PreconditionFailed', s3.put_object, **B, Key='a', Body=b'', IfMatch='"x"')
over = s3.get_object(**B, Key='a', ResponseContentType='x/y', ResponseCacheControl='no-store', ResponseExpires=expires)
same((over['ContentType'], over['CacheControl']), ('x/y', 'no-store'))
same(s3.get_object(**B, Key='a', VersionId='null')['ContentLength'], 11)
refused('InvalidArgument', s3.get_object, **B, Key='a', VersionId='other')

# Keys.
odd = ['a//b', 'fd/x', 'fd', 'dir/', 'sp ace+plus', 'ü中😀', '../up', 'x/./y', 'k' * 1024, '%41', 'q?x=1#f', 'c\x01', '<&>"\'', 'tab\t', '~!*()']
for key in odd:
    s3.put_object(**B, Key=key, Body=key.encode())
for key in odd:
    same(s3.get_object(**B, Key=key)['Body'].read(), key.encode())
    same(s3.head_object(**B, Key=key)['ContentLength'], len(key.encode()))
rest = {'a', 'a2'} if new else {'a'}
listed = [o['Key'] for page in s3.get_paginator('list_objects_v2').paginate(**B, PaginationConfig={'PageSize': 3}) for o in page['Contents']]
same(listed, sorted({*odd, *rest}, key=lambda k: k.encode()))
first = [o['Key'] for page in s3.get_paginator('list_objects').paginate(**B, PaginationConfig={'PageSize': 4}) for o in page['Contents']]
same(first, listed)
versions = [o['Key'] for page in s3.get_paginator('list_object_versions').paginate(**B, PaginationConfig={'PageSize': 5}) for o in page['Versions']]
same(versions, listed)
folded = s3.list_objects_v2(**B, Delimiter='/')
same([p['Prefix'] for p in folded['CommonPrefixes']], ['../', 'a/', 'dir/', 'fd/', 'x/'])
same('fd' in [o['Key'] for o in folded['Contents']], True)
same(s3.list_objects_v2(**B, Prefix='fd')['KeyCount'], 2)
same(s3.list_objects_v2(**B, StartAfter='x/./y')['Contents'][0]['Key'], '~!*()')
s3.delete_object(**B, Key='c\x01')
odd.remove('c\x01')
done = s3.delete_objects(**B, Delete={'Objects': [{'Key': k} for k in odd]})
same(sorted(d['Key'] for d in done['Deleted']), sorted(odd))
refused('KeyTooLongError', s3.put_object, **B, Key='k' * 1025, Body=b'')

# Copies.
s3.copy_object(**B, Key='copy', CopySource={'Bucket': name, 'Key': 'a'})
same(s3.head_object(**B, Key='copy')['Metadata'], {'k': 'v', 'k2': 'w'})
s3.copy_object(**B, Key='copy', CopySource=name + '/a', MetadataDirective='REPLACE', Metadata={'n': '1'})
same(s3.head_object(**B, Key='copy')['Metadata'], {'n': '1'})
refused('InvalidRequest', s3.copy_object, **B, Key='a', CopySource=name + '/a')
refused('PreconditionFailed', s3.copy_object, **B, Key='c2', CopySource=name + '/a', CopySourceIfMatch='"x"')
refused('NoSuchKey', s3.copy_object, **B, Key='c2', CopySource=name + '/none')

# Tags and ACLs.
tags = [{'Key': 'a', 'Value': 'ü'}]
s3.put_object_tagging(**B, Key='a', Tagging={'TagSet': tags})
same(s3.get_object_tagging(**B, Key='a')['TagSet'], tags)
s3.delete_object_tagging(**B, Key='a')
same(s3.get_object_tagging(**B, Key='a')['TagSet'], [])
s3.put_bucket_tagging(**B, Tagging={'TagSet': tags})
same(s3.get_bucket_tagging(**B)['TagSet'], tags)
s3.delete_bucket_tagging(**B)
refused('NoSuchTagSet', s3.get_bucket_tagging, **B)
same(s3.get_object_acl(**B, Key='a')['Grants'][0]['Permission'], 'FULL_CONTROL')
same(len(s3.get_bucket_acl(**B)['Grants']), 1)
refused('AccessControlListNotSupported', s3.put_object_acl, **B, Key='a', ACL='public-read')
refused('AccessControlListNotSupported', s3.put_object, **B, Key='b', Body=b'', ACL='public-read')
s3.put_object(**B, Key='b', Body=b'', ACL='bucket-owner-full-control')
refused('NoSuchBucketPolicy', s3.get_bucket_policy, **B)
refused('MalformedPolicy', s3.put_bucket_policy, **B, Policy='{}')
same(s3.get_bucket_versioning(**B).get('Status'), None)
refused('NotImplemented', s3.put_bucket_versioning, **B, VersioningConfiguration={'Status': 'Enabled'})
refused('NotImplemented', s3.get_bucket_cors, **B)

# Checksums.
for algorithm in ['CRC32', 'SHA1', 'SHA256']:
    made = s3.put_object(**B, Key='sum', Body=b'123456789', ChecksumAlgorithm=algorithm)
    back = s3.get_object(**B, Key='sum', ChecksumMode='ENABLED')
    same(back['Checksum' + algorithm], made['Checksum' + algorithm])
    same(back['Body'].read(), b'123456789')
refused('BadDigest', s3.put_object, **B, Key='bad', Body=b'x', ContentMD5='AAAAAAAAAAAAAAAAAAAAAA==')
attributes = s3.get_object_attributes(**B, Key='sum', ObjectAttributes=['ETag', 'Checksum', 'ObjectSize', 'StorageClass'])
same((attributes['ObjectSize'], attributes['StorageClass']), (9, 'STANDARD'))
s3.put_object(**B, Key='streamed', Body=io.BytesIO(b'x' * 300_000))
same(s3.head_object(**B, Key='streamed')['ContentLength'], 300_000)

# Multipart: by hand, by the transfer manager (many threads), copied parts.
five = b'p' * (5 * 1024 * 1024)
upload = s3.create_multipart_upload(**B, Key='m', Metadata={'m': '1'})['UploadId']
M = dict(**B, Key='m', UploadId=upload)
etags = [s3.upload_part(**M, PartNumber=i + 1, Body=body)['ETag'] for i, body in enumerate([five, five, b'end'])]
same([p['Size'] for page in s3.get_paginator('list_parts').paginate(**M, PaginationConfig={'PageSize': 1}) for p in page['Parts']], [len(five), len(five), 3])
same([u['Key'] for u in s3.list_multipart_uploads(**B)['Uploads']], ['m'])
refused('InvalidPart', s3.complete_multipart_upload, **M, MultipartUpload={'Parts': [{'PartNumber': 1, 'ETag': '"no"'}]})
refused('InvalidPartOrder', s3.complete_multipart_upload, **M, MultipartUpload={'Parts': [{'PartNumber': n, 'ETag': etags[n - 1]} for n in (2, 1)]})
end = s3.complete_multipart_upload(**M, MultipartUpload={'Parts': [{'PartNumber': i + 1, 'ETag': e} for i, e in enumerate(etags)]})
same(end['ETag'], '"' + hashlib.md5(b''.join(bytes.fromhex(e.strip('"')) for e in etags)).hexdigest() + '-3"')
same(s3.get_object(**B, Key='m', PartNumber=3)['Body'].read(), b'end')
same(s3.head_object(**B, Key='m', PartNumber=1)['PartsCount'], 3)
refused('NoSuchUpload', s3.abort_multipart_upload, **M)
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, 'big')
    data = os.urandom(21 * 1024 * 1024)
    with open(path, 'wb') as f:
        f.write(data)
    config = TransferConfig(multipart_threshold=6 * 1024 * 1024, multipart_chunksize=6 * 1024 * 1024, max_concurrency=4)
    s3.upload_file(path, name, 'big//object', Config=config, ExtraArgs={'Metadata': {'by': 'manager'}})
    same(s3.head_object(**B, Key='big//object')['ETag'].endswith('-4"'), True)
    s3.download_file(name, 'big//object', path + '2', Config=config)
    with open(path + '2', 'rb') as f:
        same(f.read() == data, True)
    s3.copy({'Bucket': name, 'Key': 'big//object'}, name, 'big/copy', Config=config)
    out = io.BytesIO()
    s3.download_fileobj(name, 'big/copy', out)
    same(out.getvalue() == data, True)

# Presigned URLs and forms.


def fetch(target, data=None, method=None, headers={}):
    try:
        with urllib.request.urlopen(urllib.request.Request(target, data=data, method=method, headers=headers)) as r:
            return r.status, r.read()
    except urllib.error.HTTPError as e:
        return e.code, e.read()


v4 = boto3.client('s3', **keys, config=boto3.session.Config(signature_version='s3v4'))
target = v4.generate_presigned_url('get_object', {**B, 'Key': 'a', 'ResponseContentType': 'x/z'}, ExpiresIn=60)
same(fetch(target), (200, b'hello world'))
same(fetch(target.replace(f'/{name}/a', f'/{name}/b'))[0], 403)
same(fetch(v4.generate_presigned_url('put_object', {**B, 'Key': 'put'}), b'sent', 'PUT')[0], 200)
same(s3.get_object(**B, Key='put')['Body'].read(), b'sent')
same(fetch(v4.generate_presigned_url('delete_object', {**B, 'Key': 'put'}), None, 'DELETE')[0], 204)


def form(post, content, more={}):
    boundary = 'xxBOUNDARYxx'
    parts = []
    for name, value in {**post['fields'], **more}.items():
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="f.txt"\r\nContent-Type: text/plain\r\n\r\n'.encode())
    body = b''.join(parts) + content + f'\r\n--{boundary}--\r\n'.encode()
    return fetch(post['url'], body, 'POST', {'Content-Type': f'multipart/form-data; boundary={boundary}'})


post = v4.generate_presigned_post(name, 'forms/${filename}', Fields={'x-amz-meta-m': '1', 'success_action_status': '201'},
                                  Conditions=[{'x-amz-meta-m': '1'}, {'success_action_status': '201'}, ['content-length-range', 2, 10]], ExpiresIn=60)
status, body = form(post, b'posted')
same((status, b'<Key>forms/f.txt</Key>' in body, b'' if status == 201 else body), (201, True, b''))
made = s3.get_object(**B, Key='forms/f.txt')
same((made['Body'].read(), made['Metadata']), (b'posted', {'m': '1'}))
same(form(post, b'x')[0], 400)
same(form(post, b'x' * 11)[0], 400)
same(form(post, b'posted', {'x-amz-meta-m': '2'})[0], 403)
same(form(post, b'posted', {'x-amz-meta-other': '2'})[0], 403)
same(form(post, b'posted', {'x-amz-signature': '0' * 64})[0], 403)
same(form(v4.generate_presigned_post(name, 'late', ExpiresIn=-10), b'x')[0], 403)
same(form({'url': post['url'], 'fields': {'key': 'anonymous'}}, b'x')[0], 403)

# Virtual-host style: the bucket in the Host header.
host = urllib.parse.urlsplit(url)
unsigned = fetch(f'{url}/a', headers={'Host': f'{name}.localhost:{host.port}'})
same(unsigned[0], 403)

wrong = boto3.client('s3', **{**keys, 'aws_secret_access_key': 'wrong'})
refused('SignatureDoesNotMatch', wrong.list_buckets)
refused('InvalidAccessKeyId', boto3.client('s3', **{**keys, 'aws_access_key_id': 'AKIDNOBODY'}).list_buckets)

# The resource layer, and the end of everything.
bucket = boto3.resource('s3', **keys).Bucket(name)
refused('BucketNotEmpty', s3.delete_bucket, **B)
bucket.objects.all().delete()
same(list(bucket.objects.all()), [])
bucket.delete()
s3.get_waiter('bucket_not_exists').wait(**B)
print('ok', calls)
