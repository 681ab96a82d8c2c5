package dev.ensemble.http.protobuf;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import dev.ensemble.core.schema.ApiKind;
import dev.ensemble.core.schema.Definitions;
import dev.ensemble.core.schema.Schema;
import io.kubernetes.client.proto.Runtime;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads {@code application/vnd.kubernetes.protobuf}: four magic bytes, an envelope that names the
 * kind, and the message of that kind. A kind that has no message type is refused, never read as an
 * empty object. Safe for use by many threads.
 *
 * <p>What comes out has upstream's zero values already dropped; quantities are as they were sent,
 * so the tree goes through the ObjectDecoder like any other body.
 */
public final class KubernetesProtobuf {
  public static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

  private static final byte[] MAGIC = {'k', '8', 's', 0};

  // Messages are read as DynamicMessage, always: the generated classes' own parsers are of an old
  // compiler with a known denial of service (GHSA-h4h5-3hr4-j3g2).
  private static final Descriptor ENVELOPE =
      Runtime.getDescriptor().findMessageTypeByName("Unknown");

  private static final int DEPTH_MAX = 100;

  /** Kinds that every group version knows, whatever version their envelope names. */
  private static final String DELETE_OPTIONS = "DeleteOptions";

  private final Definitions definitions;
  private final ValueReaders readers = new ValueReaders();

  public KubernetesProtobuf(Definitions definitions) {
    this.definitions = definitions;
  }

  /** Reads a whole body; its size is bounded by who read it from the network. */
  public ProtobufBody decode(byte[] body) throws InvalidProtobufException {
    DynamicMessage envelope = envelope(body);
    Message typeMeta = (Message) envelope.getField(field(ENVELOPE, "typeMeta"));
    String apiVersion = text(typeMeta, "apiVersion");
    String kind = text(typeMeta, "kind");
    Schema.Struct schema =
        find(apiVersion, kind)
            .orElseThrow(
                () ->
                    new InvalidProtobufException(
                        "no kind \"%s\" is registered for version \"%s\""
                            .formatted(kind, apiVersion)));
    Descriptor message =
        MessageTypes.of(schema.name())
            .orElseThrow(
                () ->
                    new InvalidProtobufException(
                        "%s in version \"%s\" cannot be sent as protobuf"
                            .formatted(kind, apiVersion)));
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("apiVersion", apiVersion).put("kind", kind);
    readers
        .plan(message, schema)
        .read(parse(message, (ByteString) envelope.getField(field(ENVELOPE, "raw"))), object);
    return new ProtobufBody(apiVersion, kind, object);
  }

  private Optional<Schema.Struct> find(String apiVersion, String kind) {
    return kind.equals(DELETE_OPTIONS)
        ? definitions.byKind(new ApiKind("", "v1", kind))
        : definitions.byKind(ApiKind.of(apiVersion, kind));
  }

  private static DynamicMessage envelope(byte[] body) throws InvalidProtobufException {
    if (!Arrays.equals(MAGIC, 0, MAGIC.length, body, 0, Math.min(MAGIC.length, body.length))) {
      throw new InvalidProtobufException(
          "provided data does not appear to be a protobuf message, expected prefix k8s\\0");
    }
    DynamicMessage envelope =
        parse(ENVELOPE, ByteString.copyFrom(body, MAGIC.length, body.length - MAGIC.length));
    String contentType = text(envelope, "contentType");
    if (!text(envelope, "contentEncoding").isEmpty()
        || !(contentType.isEmpty() || contentType.equals(MEDIA_TYPE))) {
      throw new InvalidProtobufException("the protobuf envelope holds something else");
    }
    return envelope;
  }

  private static String text(Message message, String name) {
    return (String) message.getField(field(message.getDescriptorForType(), name));
  }

  private static FieldDescriptor field(Descriptor type, String name) {
    return type.findFieldByName(name);
  }

  private static DynamicMessage parse(Descriptor type, ByteString raw)
      throws InvalidProtobufException {
    CodedInputStream in = raw.newCodedInput();
    in.setRecursionLimit(DEPTH_MAX);
    try {
      return DynamicMessage.parseFrom(type, in);
    } catch (IOException e) {
      throw new InvalidProtobufException("the protobuf message cannot be read");
    }
  }

  ValueReaders readers() {
    return readers;
  }
}
