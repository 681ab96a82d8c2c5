package dev.ensemble.persistence.seal;

import dev.ensemble.persistence.format.Bytes;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256 in Galois/Counter Mode (NIST SP 800-38D) with random nonces of 96 bits before the text.
 */
final class AesGcm {
  static final int KEY_BYTES = 32;

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private AesGcm() {}

  static Bytes newKey() {
    byte[] key = new byte[KEY_BYTES];
    RANDOM.nextBytes(key);
    return Bytes.of(key);
  }

  /** Nonce, ciphertext and tag. */
  static Bytes encrypt(Bytes key, Bytes plain, Bytes context) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, context);
      byte[] result = Arrays.copyOf(nonce, NONCE_BYTES + cipher.getOutputSize(plain.size()));
      cipher.doFinal(plain.array(), 0, plain.size(), result, NONCE_BYTES);
      return Bytes.of(result);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is in every Java", e);
    }
  }

  /** Reads what {@link #encrypt} wrote; another key, context or text is a SealException. */
  static Bytes decrypt(Bytes key, byte[] sealed, int offset, Bytes context) {
    int length = sealed.length - offset - NONCE_BYTES;
    if (length < TAG_BITS / Byte.SIZE) {
      throw new SealException("sealed bytes are cut short");
    }
    byte[] nonce = Arrays.copyOfRange(sealed, offset, offset + NONCE_BYTES);
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce, context);
      return Bytes.of(cipher.doFinal(sealed, offset + NONCE_BYTES, length));
    } catch (GeneralSecurityException e) {
      throw new SealException("sealed bytes do not fit their key, entity or uid", e);
    }
  }

  private static Cipher cipher(int mode, Bytes key, byte[] nonce, Bytes context)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key.array(), "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(context.array());
    return cipher;
  }
}
