package dev.ensemble.core.decode;

import java.util.Arrays;

/** Where the reader stands: fields, keys and indexes from the root. Costs nothing until asked. */
final class FieldPath {
  private static final int EMPTY = -1;

  private String[] names = new String[16];
  private int[] indexes = new int[16];
  private int depth;

  void field(String name) {
    push(name, EMPTY);
  }

  void key(String name) {
    // A key is told from a field because error texts leave it out.
    push(name, EMPTY - 1);
  }

  void index(int index) {
    push("", index);
  }

  void pop() {
    depth--;
  }

  private void push(String name, int index) {
    if (depth == names.length) {
      names = Arrays.copyOf(names, depth * 2);
      indexes = Arrays.copyOf(indexes, depth * 2);
    }
    names[depth] = name;
    indexes[depth] = index;
    depth++;
  }

  /** Such as {@code spec.containers[0].image}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      if (indexes[i] >= 0) {
        text.append('[').append(indexes[i]).append(']');
      } else {
        text.append(text.isEmpty() ? "" : ".").append(names[i]);
      }
    }
    return text.toString();
  }

  /** Fields only, without keys and indexes: {@code spec.containers.image}. */
  String fieldsOnly() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      if (indexes[i] == EMPTY) {
        text.append(text.isEmpty() ? "" : ".").append(names[i]);
      }
    }
    return text.toString();
  }
}
