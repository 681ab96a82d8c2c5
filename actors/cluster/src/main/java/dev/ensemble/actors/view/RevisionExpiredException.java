package dev.ensemble.actors.view;

/**
 * The changes since a revision are not held any more, or the revision is not one of this
 * datacenter: upstream's 410 Expired.
 */
public final class RevisionExpiredException extends RuntimeException {
  public RevisionExpiredException(String message) {
    super(message);
  }
}
