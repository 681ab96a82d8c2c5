package dev.ensemble.core.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensemble.core.validation.FieldError;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerFileTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void aWholeFileBecomesAPodOfOneContainer() throws Exception {
    assertThat(
            read(
                """
                { "id": "28", "created": "2022-02-01T00:00:00.000Z", "name": "web-app",
                  "image": "nginx:1.14.2", "cmd": ["nginx", "-g", "daemon off;"],
                  "ports": [ { "private": 80, "public": 8080 }, { "private": 53, "protocol": "UDP" } ] }
                """))
        .isEqualTo(
            new ContainerFile.Converted(
                (com.fasterxml.jackson.databind.node.ObjectNode)
                    JSON.readTree(
                        """
                        { "apiVersion": "v1", "kind": "Pod",
                          "metadata": { "name": "web-app", "annotations": {
                            "ensemble.dev/id": "28", "ensemble.dev/created": "2022-02-01T00:00:00.000Z" } },
                          "spec": { "containers": [ {
                            "name": "web-app", "image": "nginx:1.14.2", "command": ["nginx", "-g", "daemon off;"],
                            "ports": [ { "containerPort": 80, "hostPort": 8080 },
                                       { "containerPort": 53, "protocol": "UDP" } ] } ] } }
                        """)));
  }

  @Test
  void onlyNameAndImageAreRequired() throws Exception {
    assertThat(read("{\"name\":\"a\",\"image\":\"i\",\"cmd\":[],\"ports\":null}"))
        .isEqualTo(
            new ContainerFile.Converted(
                (com.fasterxml.jackson.databind.node.ObjectNode)
                    JSON.readTree(
                        """
                        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},
                         "spec":{"containers":[{"name":"a","image":"i"}]}}
                        """)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                  | name: Required value; image: Required value",
        "{'name':'a'}                        | image: Required value",
        "{'name':'a','image':''}             | image: Required value",
        "{'name':'a','image':7}              | image: Invalid value: 7: must be a string",
        "{'name':'a','image':' i'}           | image: Invalid value: \" i\": must not have leading"
            + " or trailing whitespace",
        "{'name':'a','image':'i','x':1}      | x: Forbidden: unknown field, known are cmd, created,"
            + " id, image, name, ports",
        "{'name':'a','image':'i','id':28}    | id: Invalid value: 28: must be a string",
        "{'name':'a','image':'i','cmd':'ls'} | cmd: Invalid value: \"ls\": must be a list of"
            + " strings",
        "{'name':'a','image':'i','cmd':['ls',1]} | cmd[1]: Invalid value: 1: must be a string",
        "{'name':'a','image':'i','created':'now'} | created: Invalid value: \"now\": must be a time"
            + " in RFC 3339, such as 2022-02-01T00:00:00.000Z",
        "{'name':'a','image':'i','ports':{}} | ports: Invalid value: {}: must be a list of ports",
        "{'name':'a','image':'i','ports':[80]} | ports[0]: Invalid value: 80: must be an object of"
            + " private and public",
        "{'name':'a','image':'i','ports':[{'public':80}]} | ports[0].private: Required value: the"
            + " container's port",
        "{'name':'a','image':'i','ports':[{'private':0}]} | ports[0].private: Invalid value: 0:"
            + " must be between 1 and 65535, inclusive",
        "{'name':'a','image':'i','ports':[{'private':1,'public':65536}]} | ports[0].public: Invalid"
            + " value: 65536: must be between 1 and 65535, inclusive",
        "{'name':'a','image':'i','ports':[{'private':1,'public':99999999999}]} | ports[0].public:"
            + " Invalid value: 99999999999: must be between 1 and 65535, inclusive",
        "{'name':'a','image':'i','ports':[{'private':1.5}]} | ports[0].private: Invalid value: 1.5:"
            + " must be a whole number",
        "{'name':'a','image':'i','ports':[{'private':'80'}]} | ports[0].private: Invalid value:"
            + " \"80\": must be a whole number",
        "{'name':'a','image':'i','ports':[{'private':1,'host':2}]} | ports[0].host: Forbidden:"
            + " unknown field, known are private, protocol, public",
        "{'name':'a','image':'i','ports':[{'private':1,'protocol':'tcp'}]} | ports[0].protocol:"
            + " Unsupported value: \"tcp\": supported values: \"SCTP\", \"TCP\", \"UDP\"",
        "{'name':'a','image':'i','ports':[{'private':1,'public':80},{'private':2,'public':80,'protocol':'TCP'}]}"
            + " | ports[1].public: Duplicate value: 80",
      })
  void aFaultNamesItsField(String file, String faults) {
    ContainerFile.Faulty faulty = (ContainerFile.Faulty) read(file.replace('\'', '"'));
    assertThat(faulty.errors().stream().map(FieldError::toString).collect(Collectors.joining("; ")))
        .isEqualTo(faults);
  }

  @Test
  void aNameThatNoContainerCanHaveIsRefused() {
    ContainerFile.Faulty faulty =
        (ContainerFile.Faulty) read("{\"name\":\"web.app\",\"image\":\"i\"}");
    assertThat(faulty.name()).isEqualTo("web.app");
    assertThat(faulty.errors()).singleElement().extracting(FieldError::field).isEqualTo("name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "nginx", "{\"name\":", "[]", "\"a\"", "{} {}", "{\"a\":1,\"a\":2}"})
  void whatIsNoObjectIsToldApart(String file) {
    assertThat(read(file)).isInstanceOf(ContainerFile.NotAnObject.class);
  }

  @Test
  void whereTheJsonIsBrokenIsSaid() {
    assertThat(((ContainerFile.NotAnObject) read("{\n  \"name\" \"a\"}")).why())
        .startsWith("the file is not JSON: line 2, column ");
  }

  @Test
  void deepNestingIsRefusedWithoutWalkingIt() {
    assertThat(read("[".repeat(100_000)))
        .isEqualTo(new ContainerFile.NotAnObject("the file is nested too deeply or too large"));
  }

  @Test
  void manyFaultsDoNotMakeALongAnswer() {
    String fields =
        IntStream.range(0, 10_000)
            .mapToObj(i -> "\"x" + i + "\":1")
            .collect(Collectors.joining(","));
    ContainerFile.Faulty faulty = (ContainerFile.Faulty) read("{" + fields + "}");
    assertThat(faulty.errors()).hasSizeLessThan(40);
  }

  private static ContainerFile.Reading read(String file) {
    return ContainerFile.read(file.getBytes(StandardCharsets.UTF_8));
  }
}
