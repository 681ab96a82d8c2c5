package dev.ensemble.core.validation;

/**
 * Where a field is, such as {@code spec.containers[0].image} or {@code metadata.annotations[a/b]}.
 * Cheap to make on the way down: the text is put together only when an error is found.
 */
public final class FieldPath {
  public static final FieldPath ROOT = new FieldPath(null, "");

  private final FieldPath parent;
  private final String step;

  private FieldPath(FieldPath parent, String step) {
    this.parent = parent;
    this.step = step;
  }

  public static FieldPath of(String field) {
    return new FieldPath(null, field);
  }

  public FieldPath child(String field) {
    return this == ROOT ? of(field) : new FieldPath(this, "." + field);
  }

  public FieldPath index(int position) {
    return new FieldPath(this, "[" + position + "]");
  }

  /** An entry of a map. */
  public FieldPath key(String key) {
    return new FieldPath(this, "[" + key + "]");
  }

  @Override
  public String toString() {
    return parent == null ? step : parent + step;
  }
}
