package dev.ensemble.core.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.json.JsonDepth;
import dev.ensemble.core.schema.Schema;
import java.util.Arrays;

/**
 * The way from the root to where a walk is. Texts of path elements are built only when asked for:
 * most of a walk finds nothing to say.
 */
final class FieldPath {
  private String[] texts = new String[16];
  private Object[] sources = new Object[16];
  private Schema.ListOf[] lists = new Schema.ListOf[16];
  private int length;

  void field(String name) {
    grow();
    texts[length] = null;
    lists[length] = null;
    sources[length++] = name;
  }

  /** An item with a valid key. */
  void item(Schema.ListOf list, JsonNode item) {
    grow();
    texts[length] = null;
    lists[length] = list;
    sources[length++] = item;
  }

  /** An item whose path element is known. */
  void item(String element) {
    grow();
    texts[length++] = element;
  }

  void leave() {
    length--;
  }

  int length() {
    return length;
  }

  String element(int index) {
    if (texts[index] == null) {
      texts[index] =
          lists[index] == null
              ? PathElement.field((String) sources[index])
              : PathElement.validItem(lists[index], (JsonNode) sources[index]);
    }
    return texts[index];
  }

  private void grow() {
    if (length > JsonDepth.MAX) {
      throw new IllegalArgumentException("nested deeper than " + JsonDepth.MAX + " levels");
    }
    if (length == texts.length) {
      texts = Arrays.copyOf(texts, length * 2);
      sources = Arrays.copyOf(sources, length * 2);
      lists = Arrays.copyOf(lists, length * 2);
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      PathElement.print(text, element(i));
    }
    return text.toString();
  }
}
