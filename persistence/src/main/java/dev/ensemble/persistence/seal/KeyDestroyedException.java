package dev.ensemble.persistence.seal;

/** The object's key was destroyed: what it sealed is gone for good, as was asked for. */
public final class KeyDestroyedException extends SealException {
  private static final long serialVersionUID = 1L;

  public KeyDestroyedException(String entity, String uid) {
    super("the key of " + entity + " with uid " + uid + " was destroyed");
  }
}
