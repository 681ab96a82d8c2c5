package dev.ensemble.http.read;

import akka.NotUsed;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.http.request.ListOptions;
import dev.ensemble.http.request.RequestInfo;
import dev.ensemble.http.request.ResponseForm;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.server.Json;
import dev.ensemble.http.server.Responses;
import dev.ensemble.http.status.Statuses;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Serves get and list of stored objects. Answers at once, on the caller's thread, unless the past
 * is asked for.
 */
public final class ReadEndpoint {
  /** A list of more bytes than this is sent in pieces and not built as one array. */
  private static final long STRICT_BYTES_MAX = 8L * 1024 * 1024;

  private final Answers answers;
  private final Selections selections;
  private final RecentSnapshots recent;

  public ReadEndpoint(Answers answers, Selections selections, RecentSnapshots recent) {
    this.answers = answers;
    this.selections = selections;
    this.recent = recent;
  }

  public HttpResponse get(ApiRequest request, Target target) {
    RequestInfo info = request.info();
    StoredObject object =
        target
            .view()
            .snapshot()
            .get(info.namespace(), info.name())
            .orElseThrow(() -> Statuses.notFound(target.name(), info.name()));
    return answers.object(request, 200, target, object);
  }

  public CompletionStage<HttpResponse> list(ApiRequest request, Target target) {
    ListOptions options = ListOptions.of(request.query(), "list");
    Selection selection = selections.of(target, request.info(), options);
    return ListPage.of(target, selection, options, recent)
        .thenApply(page -> answer(request, target, page));
  }

  private HttpResponse answer(ApiRequest request, Target target, ListPage page) {
    ResponseForm form = request.form();
    if (form.plainJson() && !request.query().isTrue("pretty")) {
      return bytes(target, page);
    }
    ObjectNode tree =
        switch (form.view()) {
          case OBJECT -> objects(target, page);
          case PARTIAL_METADATA -> partials(target, page, form.metaVersion());
          case TABLE ->
              answers
                  .forms()
                  .table(
                      target,
                      page.items().stream().map(target::servedTree).toList(),
                      metadata(page),
                      form.metaVersion(),
                      Forms.IncludeObject.of(request.query()),
                      Forms.Header.SHOWN);
        };
    return Responses.tree(200, tree, form, request.query());
  }

  private static ObjectNode metadata(ListPage page) {
    ObjectNode metadata = Json.object();
    metadata.put("resourceVersion", Long.toString(page.revision()));
    if (!page.continueToken().isEmpty()) {
      metadata.put("continue", page.continueToken());
    }
    page.remaining().ifPresent(count -> metadata.put("remainingItemCount", count));
    return metadata;
  }

  private static ObjectNode objects(Target target, ListPage page) {
    ObjectNode list = head(target, page);
    ArrayNode items = list.putArray("items");
    page.items().forEach(item -> items.add(target.servedTree(item)));
    return list;
  }

  private ObjectNode partials(Target target, ListPage page, String metaVersion) {
    ObjectNode list = Json.object();
    list.put("kind", "PartialObjectMetadataList");
    list.put("apiVersion", "meta.k8s.io/" + metaVersion);
    list.set("metadata", metadata(page));
    ArrayNode items = list.putArray("items");
    page.items().forEach(item -> items.add(answers.forms().partial(target, item, metaVersion)));
    return list;
  }

  private static ObjectNode head(Target target, ListPage page) {
    ObjectNode list = Json.object();
    list.put("kind", target.served().kind() + "List");
    list.put("apiVersion", target.served().apiVersion());
    list.set("metadata", metadata(page));
    return list;
  }

  private static HttpResponse bytes(Target target, ListPage page) {
    byte[] head = Json.bytes(head(target, page));
    byte[] open = ",\"items\":[".getBytes(StandardCharsets.US_ASCII);
    List<byte[]> items = new ArrayList<>(page.items().size());
    long size = head.length + open.length + 2L + page.items().size();
    for (StoredObject item : page.items()) {
      byte[] json = target.servedBytes(item);
      items.add(json);
      size += json.length;
    }
    // The head without its closing brace.
    byte[] start = new byte[head.length - 1 + open.length];
    System.arraycopy(head, 0, start, 0, head.length - 1);
    System.arraycopy(open, 0, start, head.length - 1, open.length);
    if (size > STRICT_BYTES_MAX) {
      return streamed(start, items);
    }
    byte[] whole = new byte[start.length + Math.toIntExact(size) - head.length - open.length];
    int at = put(whole, 0, start);
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) {
        whole[at++] = ',';
      }
      at = put(whole, at, items.get(i));
    }
    whole[at++] = ']';
    whole[at++] = '}';
    return Responses.json(200, at == whole.length ? whole : java.util.Arrays.copyOf(whole, at));
  }

  private static int put(byte[] target, int at, byte[] part) {
    System.arraycopy(part, 0, target, at, part.length);
    return at + part.length;
  }

  private static HttpResponse streamed(byte[] start, List<byte[]> items) {
    Source<ByteString, NotUsed> source = Source.fromIterator(() -> new ListPieces(start, items));
    return HttpResponse.create()
        .withEntity(HttpEntities.createChunked(ContentTypes.APPLICATION_JSON, source));
  }
}
