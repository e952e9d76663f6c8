package io.tapelake.jobs.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.s3a.S3AEncryptionMethods;
import org.apache.hadoop.fs.s3a.S3AFileSystem;
import org.apache.hadoop.fs.s3a.api.RequestFactory;
import org.apache.hadoop.fs.s3a.impl.PutObjectOptions;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;

/** Objects of S3 that are made of others by the store itself: what it copies does not come by. */
final class S3Objects {

  /** Every part of an object has to be as large, but for the last one. */
  static final long LEAST_PART = 5L << 20;

  /** More the store copies in parts only. */
  static final long LARGEST_COPY = 5L << 30;

  /** Others ask for keys with every copy, or are encrypted here. */
  private static final Set<S3AEncryptionMethods> BY_THE_STORE =
      EnumSet.of(
          S3AEncryptionMethods.NONE,
          S3AEncryptionMethods.SSE_S3,
          S3AEncryptionMethods.SSE_KMS,
          S3AEncryptionMethods.DSSE_KMS);

  private final S3AFileSystem files;

  private S3Objects(S3AFileSystem files) {
    this.files = files;
  }

  /** Those of Hadoop's file system for S3. */
  static S3Objects of(FileSystem files) {
    return new S3Objects((S3AFileSystem) files);
  }

  /** Puts an object in the place of another, or of none, at once. */
  void copy(Path from, Path to) throws IOException {
    S3Client s3 = files.getS3AInternals().getAmazonS3Client("copy " + from);
    HeadObjectResponse found = files.getS3AInternals().getObjectMetadata(from);
    try {
      s3.copyObject(
          files
              .getRequestFactory()
              .newCopyObjectRequestBuilder(files.pathToKey(from), files.pathToKey(to), found)
              .build());
    } catch (SdkException e) {
      throw new IOException("cannot let the store copy %s to %s".formatted(from, to), e);
    }
  }

  /** Whether the store can copy so many bytes of an object. */
  boolean copies(long length) {
    return length >= LEAST_PART
        && BY_THE_STORE.contains(files.getRequestFactory().getServerSideEncryptionAlgorithm());
  }

  /**
   * Puts an object in its own place that has its first bytes, so many that it {@link #copies} them,
   * and others behind them.
   */
  void rewrite(Path path, long length, byte[] more) throws IOException {
    S3Client s3 = files.getS3AInternals().getAmazonS3Client("copy parts of " + path);
    RequestFactory requests = files.getRequestFactory();
    PutObjectOptions options = PutObjectOptions.defaultOptions();
    String key = files.pathToKey(path);
    try {
      String upload =
          s3.createMultipartUpload(requests.newMultipartUploadRequestBuilder(key, options).build())
              .uploadId();
      try {
        List<CompletedPart> parts = copy(s3, key, upload, length);
        if (more.length > 0) {
          parts.add(add(s3, requests, key, upload, parts.size() + 1, more));
        }
        s3.completeMultipartUpload(
            requests.newCompleteMultipartUploadRequestBuilder(key, upload, parts, options).build());
      } catch (SdkException | IOException e) {
        s3.abortMultipartUpload(
            requests.newAbortMultipartUploadRequestBuilder(key, upload).build());
        throw e;
      }
    } catch (SdkException e) {
      throw new IOException("cannot let the store copy %d bytes of %s".formatted(length, path), e);
    }
  }

  private List<CompletedPart> copy(S3Client s3, String key, String upload, long length) {
    List<CompletedPart> parts = new ArrayList<>();
    long count = (length + LARGEST_COPY - 1) / LARGEST_COPY;
    for (int i = 0; i < count; i++) {
      long from = length * i / count;
      long to = length * (i + 1) / count - 1;
      UploadPartCopyRequest part =
          UploadPartCopyRequest.builder()
              .sourceBucket(files.getBucket())
              .sourceKey(key)
              .copySourceRange("bytes=%d-%d".formatted(from, to))
              .destinationBucket(files.getBucket())
              .destinationKey(key)
              .uploadId(upload)
              .partNumber(i + 1)
              .build();
      parts.add(part(i + 1, s3.uploadPartCopy(part).copyPartResult().eTag()));
    }
    return parts;
  }

  private static CompletedPart add(
      S3Client s3, RequestFactory requests, String key, String upload, int number, byte[] bytes)
      throws IOException {
    return part(
        number,
        s3.uploadPart(
                requests
                    .newUploadPartRequestBuilder(key, upload, number, true, bytes.length)
                    .build(),
                RequestBody.fromBytes(bytes))
            .eTag());
  }

  private static CompletedPart part(int number, String tag) {
    return CompletedPart.builder().partNumber(number).eTag(tag).build();
  }
}
