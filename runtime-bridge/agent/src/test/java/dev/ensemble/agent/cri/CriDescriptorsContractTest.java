package dev.ensemble.agent.cri;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import dev.ensemble.agent.containerd.events.EventsProto;
import dev.ensemble.agent.containerd.events.TasksProto;
import dev.ensemble.agent.cri.v1.CriProto;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Holds our messages to those of the containerd on this machine: a Go program carries the
 * descriptors of its protocols, compressed.
 */
class CriDescriptorsContractTest {
  private static final Path CONTAINERD = Path.of("/usr/bin/containerd");
  private static final Map<String, Set<String>> THEIRS = new TreeMap<>();

  @BeforeAll
  static void start() throws IOException {
    byte[] binary = Files.readAllBytes(CONTAINERD);
    for (int i = 0; i + 2 < binary.length; i++) {
      if (binary[i] == 0x1f && binary[i + 1] == (byte) 0x8b && binary[i + 2] == 8) {
        // Ten bytes of header; what follows the end of the data is something else.
        try (InflaterInputStream inflated =
            new InflaterInputStream(
                new ByteArrayInputStream(binary, i + 10, Math.min(400_000, binary.length - i - 10)),
                new Inflater(true))) {
          FileDescriptorProto file = FileDescriptorProto.parseFrom(inflated.readAllBytes());
          THEIRS.computeIfAbsent(file.getPackage(), key -> new TreeSet<>()).addAll(lines(file));
        } catch (IOException e) {
          // Not an archive, or not of a descriptor.
        }
      }
    }
  }

  @Test
  void everyMessageAndMethodOfOursIsTheirsFieldByField() {
    for (FileDescriptorProto ours :
        List.of(
            CriProto.getDescriptor().toProto(),
            EventsProto.getDescriptor().toProto(),
            TasksProto.getDescriptor().toProto())) {
      assertThat(THEIRS.get(ours.getPackage())).as(ours.getPackage()).containsAll(lines(ours));
    }
  }

  private static List<String> lines(FileDescriptorProto file) {
    List<String> lines = new ArrayList<>();
    file.getMessageTypeList().forEach(message -> message(file.getPackage(), message, lines));
    file.getEnumTypeList().forEach(values -> values(file.getPackage(), values, lines));
    file.getServiceList()
        .forEach(
            service ->
                service
                    .getMethodList()
                    .forEach(
                        method ->
                            lines.add(
                                file.getPackage()
                                    + "."
                                    + service.getName()
                                    + "/"
                                    + method.getName()
                                    + " "
                                    + method.getInputType()
                                    + " "
                                    + method.getOutputType()
                                    + " "
                                    + method.getServerStreaming())));
    return lines;
  }

  private static void message(String scope, DescriptorProto message, List<String> lines) {
    String name = scope + "." + message.getName();
    for (FieldDescriptorProto field : message.getFieldList()) {
      lines.add(
          name
              + "."
              + field.getName()
              + " = "
              + field.getNumber()
              + " "
              + field.getType()
              + " "
              + field.getLabel()
              + " "
              + field.getTypeName());
    }
    message.getNestedTypeList().forEach(nested -> message(name, nested, lines));
    message.getEnumTypeList().forEach(values -> values(name, values, lines));
  }

  private static void values(String scope, EnumDescriptorProto values, List<String> lines) {
    values
        .getValueList()
        .forEach(
            value ->
                lines.add(
                    scope
                        + "."
                        + values.getName()
                        + "."
                        + value.getName()
                        + " = "
                        + value.getNumber()));
  }
}
