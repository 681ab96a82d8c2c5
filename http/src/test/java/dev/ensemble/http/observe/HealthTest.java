package dev.ensemble.http.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.http.testing.TestServer;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Everybody may ask for the whole; single checks need a certificate, as upstream's
 * system:public-info-viewer has it.
 */
class HealthTest {
  private static TestServer server;
  private static HttpClient nobody;
  private static HttpClient admin;

  @BeforeAll
  static void start() throws Exception {
    server =
        TestServer.start(
            new TestServer.Observed(
                system -> RequestMetrics.NONE,
                List.of(
                    new Health.Check("journal", Health.Scope.READY, () -> true),
                    new Health.Check("moon", Health.Scope.READY, () -> false)),
                () -> ""));
    admin = server.client(HttpClient.Version.HTTP_2, Optional.of("admin"));
    nobody = server.client(HttpClient.Version.HTTP_2, Optional.empty());
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "/livez                               | 200 | ok",
        "/livez?verbose                       | 200 | [+]ping ok;livez check passed;",
        "/livez/ping                          | 200 | ok",
        "/livez/moon                          | 404 | 404 page not found;",
        "/readyz                              | 500 | [+]ping ok;[+]journal ok;[-]moon failed:"
            + " reason withheld;readyz check failed;",
        "/readyz?exclude=moon                 | 200 | ok",
        "/readyz?verbose&exclude=moon         | 200 | [+]ping ok;[+]journal ok;[+]moon excluded:"
            + " ok;readyz check passed;",
        "/readyz?verbose&exclude=moon&exclude=sun&exclude=a | 200 | [+]ping ok;[+]journal"
            + " ok;[+]moon excluded: ok;warn: some health checks cannot be excluded: no matches for"
            + " \"a\", \"sun\";readyz check passed;",
        "/readyz/journal                      | 200 | ok",
        "/readyz/moon                         | 500 | internal server error: moon does not hold;",
        "/readyz/sun                          | 404 | 404 page not found;",
        "/healthz                             | 500 | [+]ping ok;[+]journal ok;[-]moon failed:"
            + " reason withheld;healthz check failed;",
        "/healthz?verbose&exclude=moon        | 200 | [+]ping ok;[+]journal ok;[+]moon excluded:"
            + " ok;healthz check passed;",
      })
  void aCheckAnswersAsApiserversDoes(String path, int code, String lines) throws Exception {
    boolean single = path.indexOf('/', 1) > 0;
    HttpResponse<String> answer = server.send(single ? admin : nobody, "GET", path, "");
    assertThat(answer.statusCode() + " " + answer.body())
        .isEqualTo(code + " " + lines.replace(';', '\n'));
  }
}
