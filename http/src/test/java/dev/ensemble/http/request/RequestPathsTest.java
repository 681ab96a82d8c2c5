package dev.ensemble.http.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestPathsTest {
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "GET|/api/v1/pods|list||v1||pods||",
        "GET|/api/v1/pods?watch=true|watch||v1||pods||",
        "GET|/api/v1/pods?watch=0|list||v1||pods||",
        "GET|/api/v1/watch/namespaces/n/pods|watch||v1|n|pods||",
        "GET|/api/v1/namespaces|list||v1||namespaces||",
        "GET|/api/v1/namespaces/n|get||v1||namespaces|n|",
        "PUT|/api/v1/namespaces/n/finalize|update||v1||namespaces|n|finalize",
        "GET|/api/v1/namespaces/n/status|get||v1||namespaces|n|status",
        "POST|/api/v1/namespaces/n/pods|create||v1|n|pods||",
        "DELETE|/api/v1/namespaces/n/pods|deletecollection||v1|n|pods||",
        "DELETE|/api/v1/namespaces/n/pods/p|delete||v1|n|pods|p|",
        "HEAD|/api/v1/namespaces/n/pods/p|get||v1|n|pods|p|",
        "PATCH|/apis/apps/v1/namespaces/n/deployments/d/scale|patch|apps|v1|n|deployments|d|scale",
        "GET|/api/v1/pods?fieldSelector=metadata.name%3Dp|list||v1||pods|p|",
      })
  void pathsMeanWhatUpstreamReadsInThem(
      String method,
      String uri,
      String verb,
      String group,
      String version,
      String namespace,
      String resource,
      String name,
      String subresource) {
    int question = uri.indexOf('?');
    String path = question < 0 ? uri : uri.substring(0, question);
    Query query = Query.parse(question < 0 ? "" : uri.substring(question + 1));
    assertThat(RequestPaths.parse(method, path, query))
        .isEqualTo(
            new RequestInfo(
                true,
                path,
                verb,
                text(group),
                version,
                text(namespace),
                resource,
                text(name),
                text(subresource),
                List.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "/",
    "/api",
    "/api/v1",
    "/apis",
    "/apis/apps",
    "/apis/apps/v1",
    "/healthz",
    "/openapi/v3/api/v1"
  })
  void otherPathsNameNoResource(String path) {
    assertThat(RequestPaths.parse("GET", path, Query.NONE))
        .isEqualTo(new RequestInfo(false, path, "get", "", "", "", "", "", "", List.of()));
  }

  private static String text(String cell) {
    return cell == null ? "" : cell;
  }
}
