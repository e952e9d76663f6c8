package io.tapelake.collector.connect;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Trusts who Java trusts, and further certificates of a file: a company's own, say. */
final class TrustStore implements X509TrustManager {

  private final X509TrustManager usual;
  private final X509TrustManager further;

  private TrustStore(X509TrustManager usual, X509TrustManager further) {
    this.usual = usual;
    this.further = further;
  }

  /**
   * Reads a file of certificates in PEM, or a PKCS12 or JKS store.
   *
   * @throws IOException when it is none of them; the message names the file
   */
  static TrustStore read(Path file, String password) throws IOException {
    try {
      byte[] bytes = Files.readAllBytes(file);
      boolean isPem = new String(bytes, StandardCharsets.ISO_8859_1).contains("-----BEGIN");
      KeyStore store =
          isPem ? pem(bytes) : KeyStore.getInstance(file.toFile(), password.toCharArray());
      if (store.size() == 0) {
        throw new IOException(file + " holds no certificate");
      }
      return new TrustStore(manager(null), manager(store));
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " holds no certificates: " + e.getMessage(), e);
    }
  }

  private static KeyStore pem(byte[] bytes) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    int number = 0;
    for (Certificate each : factory.generateCertificates(new ByteArrayInputStream(bytes))) {
      number++;
      store.setCertificateEntry("c" + number, each);
    }
    return store;
  }

  private static X509TrustManager manager(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager found) {
        return found;
      }
    }
    throw new GeneralSecurityException("this Java has no trust manager for X.509");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("nobody is a server here");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    try {
      usual.checkServerTrusted(chain, type);
    } catch (CertificateException e) {
      further.checkServerTrusted(chain, type);
    }
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    List<X509Certificate> issuers = new ArrayList<>(Arrays.asList(usual.getAcceptedIssuers()));
    issuers.addAll(Arrays.asList(further.getAcceptedIssuers()));
    return issuers.toArray(new X509Certificate[0]);
  }
}
