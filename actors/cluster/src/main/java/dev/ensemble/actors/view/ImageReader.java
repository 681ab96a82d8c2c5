package dev.ensemble.actors.view;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.ensemble.core.object.ObjectKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes what indexes need out of an encoded object without building a tree: a ledger reads 100,000
 * of them when it starts.
 */
final class ImageReader {
  private static final JsonFactory JSON = new JsonFactory();

  private final Map<String, String> labels = new HashMap<>();
  private final List<String> owners = new ArrayList<>(1);
  private String uid = "";
  private String node = "";
  private boolean deleting;

  private ImageReader() {}

  static StoredVersion.Indexed read(ObjectKey key, byte[] json) {
    ImageReader reader = new ImageReader();
    try (JsonParser parser = JSON.createParser(json)) {
      reader.object(parser, key.resource().toString().equals("pods"));
    } catch (IOException e) {
      throw new IllegalStateException("a stored object does not parse: " + key, e);
    }
    return new StoredVersion.Indexed(
        key, reader.uid, reader.labels, reader.owners, reader.node, reader.deleting);
  }

  private void object(JsonParser parser, boolean pod) throws IOException {
    parser.nextToken();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      if (field.equals("metadata")) {
        metadata(parser);
        if (!pod) {
          return;
        }
      } else if (pod && field.equals("spec")) {
        spec(parser);
        return;
      } else {
        parser.skipChildren();
      }
    }
  }

  private void metadata(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "uid" -> uid = parser.getText();
        case "labels" -> labels(parser);
        case "ownerReferences" -> owners(parser);
        case "deletionTimestamp" -> deleting = true;
        default -> parser.skipChildren();
      }
    }
  }

  private void labels(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String label = parser.currentName();
      parser.nextToken();
      labels.put(label, parser.getText());
    }
  }

  private void owners(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        if (field.equals("uid")) {
          owners.add(parser.getText());
        } else {
          parser.skipChildren();
        }
      }
    }
  }

  private void spec(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      if (field.equals("nodeName")) {
        node = parser.getText();
      } else {
        parser.skipChildren();
      }
    }
  }
}
