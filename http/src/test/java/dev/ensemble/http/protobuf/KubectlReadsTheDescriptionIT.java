package dev.ensemble.http.protobuf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ensemble.core.discovery.AggregatedDiscovery;
import dev.ensemble.core.discovery.DiscoveryDocuments;
import dev.ensemble.core.openapi.OpenApiDocuments;
import dev.ensemble.core.resource.BuiltInResources;
import dev.ensemble.core.resource.ResourceTypes;
import dev.ensemble.core.schema.Definitions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kubectl on the PATH reads our documents, and we read what it sends in protobuf. */
class KubectlReadsTheDescriptionIT {
  private static final ResourceTypes TYPES = BuiltInResources.types();
  private static final DiscoveryDocuments DISCOVERY = new DiscoveryDocuments(TYPES);
  private static final AggregatedDiscovery AGGREGATED = new AggregatedDiscovery(TYPES);
  private static final OpenApiDocuments OPEN_API =
      new OpenApiDocuments(TYPES, Definitions.builtIn(), "v1.35.0");
  private static final KubernetesProtobuf PROTOBUF = new KubernetesProtobuf(Definitions.builtIn());
  private static final ConcurrentLinkedQueue<String> RECEIVED = new ConcurrentLinkedQueue<>();

  @TempDir static Path home;

  private static HttpServer withV3;
  private static HttpServer withoutV3;

  private enum OpenApi {
    V3,
    V2_ONLY
  }

  @BeforeAll
  static void start() throws IOException {
    withV3 = server(OpenApi.V3);
    withoutV3 = server(OpenApi.V2_ONLY);
  }

  @AfterAll
  static void stop() {
    withV3.stop(0);
    withoutV3.stop(0);
  }

  @Test
  void kubectlFindsEveryResource() throws Exception {
    assertThat(kubectl(withV3, "api-resources", "-o", "name").lines())
        .contains(
            "pods",
            "deployments.apps",
            "endpointslices.discovery.k8s.io",
            "events",
            "events.events.k8s.io",
            "leases.coordination.k8s.io",
            "selfsubjectaccessreviews.authorization.k8s.io");
  }

  @Test
  void kubectlExplainsFieldsByVersionThree() throws Exception {
    assertThat(kubectl(withV3, "explain", "deployment.spec", "--recursive"))
        .contains("KIND:       Deployment", "selector\t<LabelSelector> -required-")
        .contains("maxSurge\t<IntOrString>")
        .contains("ports\t<[]ContainerPort>");
  }

  @Test
  void kubectlExplainsFieldsByVersionTwoInProtobuf() throws Exception {
    assertThat(kubectl(withoutV3, "explain", "deployment.spec", "--recursive"))
        .contains("KIND:     Deployment", "maxSurge\t<string>", "matchLabels\t<map[string]string>");
  }

  @Test
  void whatKubectlCreatesInProtobufIsReadWhole() throws Exception {
    RECEIVED.clear();
    kubectl(withV3, "create", "deployment", "web", "--image=nginx", "--replicas=0", "--port=80");
    assertThat(RECEIVED)
        .containsExactly(
            "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"web\","
                + "\"labels\":{\"app\":\"web\"}},\"spec\":{\"replicas\":0,\"selector\":"
                + "{\"matchLabels\":{\"app\":\"web\"}},\"template\":{\"metadata\":{\"labels\":"
                + "{\"app\":\"web\"}},\"spec\":{\"containers\":[{\"name\":\"nginx\",\"image\":"
                + "\"nginx\",\"ports\":[{\"containerPort\":80}]}]}}}}");
  }

  private static String kubectl(HttpServer server, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add("kubectl");
    command.add("--server=http://127.0.0.1:" + server.getAddress().getPort());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("HOME", home.toString());
    builder.environment().remove("KUBECONFIG");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  private static HttpServer server(OpenApi openApi) throws IOException {
    byte[] v2 = OpenApiV2Protobuf.encode(OPEN_API.v2());
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> answer(exchange, openApi, v2));
    server.start();
    return server;
  }

  private static void answer(HttpExchange exchange, OpenApi openApi, byte[] v2) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Optional<byte[]> body;
    String type = "application/json";
    if (exchange.getRequestMethod().equals("POST")) {
      body = Optional.of(received(exchange.getRequestBody().readAllBytes()));
    } else if (path.equals("/openapi/v2")) {
      type = OpenApiV2Protobuf.MEDIA_TYPE;
      body = Optional.of(v2);
    } else if (path.equals("/api") || path.equals("/apis")) {
      type = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
      body =
          Optional.of(
              new ObjectMapper()
                  .writeValueAsBytes(
                      path.equals("/api")
                          ? AGGREGATED.core(AggregatedDiscovery.Version.V2)
                          : AGGREGATED.groups(AggregatedDiscovery.Version.V2)));
    } else {
      body = document(path, openApi);
    }
    byte[] bytes = body.orElseGet(() -> "{}".getBytes(StandardCharsets.UTF_8));
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(body.isPresent() ? 200 : 404, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static Optional<byte[]> document(String path, OpenApi openApi) {
    if (path.startsWith("/openapi/v3")) {
      if (openApi == OpenApi.V2_ONLY) {
        return Optional.empty();
      }
      return path.equals("/openapi/v3")
          ? Optional.of(OPEN_API.index().toString().getBytes(StandardCharsets.UTF_8))
          : OPEN_API.v3(path.substring("/openapi/v3/".length()));
    }
    return DISCOVERY
        .resources(path.replaceFirst("^/apis?/", ""))
        .map(list -> list.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] received(byte[] body) {
    try {
      String object = PROTOBUF.decode(body).object().toString();
      RECEIVED.add(object);
      return object.getBytes(StandardCharsets.UTF_8);
    } catch (InvalidProtobufException e) {
      RECEIVED.add(e.getMessage());
      return "{}".getBytes(StandardCharsets.UTF_8);
    }
  }
}
