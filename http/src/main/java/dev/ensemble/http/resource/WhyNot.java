package dev.ensemble.http.resource;

import akka.http.javadsl.model.HttpResponse;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.scheduler.Advice;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.entity.Bid;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.scheduling.Explanation;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Refusal;
import dev.ensemble.http.request.RequestInfo;
import dev.ensemble.http.request.RequestPaths;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.server.PathEndpoint;
import dev.ensemble.http.server.Responses;
import dev.ensemble.http.status.Statuses;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Serves {@code /ensemble/v1/namespaces/NAMESPACE/pods/POD/why-not/NODE}: why the node would take
 * the pod or not. JSON, or sentences with {@code ?output=text}.
 */
public final class WhyNot implements PathEndpoint {
  private static final ResourceName PODS = ResourceName.parse("pods");
  private static final ResourceName NODES = ResourceName.parse("nodes");

  private final ObjectStore store;
  private final Advice advice;

  public WhyNot(ObjectStore store, Advice advice) {
    this.store = store;
    this.advice = advice;
  }

  @Override
  public boolean serves(String path) {
    return path.startsWith(RequestPaths.NAMESPACES);
  }

  @Override
  public CompletionStage<HttpResponse> serve(ApiRequest request) {
    RequestInfo info = request.info();
    if (!info.resourceRequest()) {
      return CompletableFuture.completedFuture(Responses.pageNotFound());
    }
    if (!info.verb().equals("get")) {
      throw Statuses.methodNotAllowed();
    }
    String output = request.query().get("output");
    if (!output.isEmpty() && !output.equals("json") && !output.equals("text")) {
      throw Statuses.badRequest("output is json or text, not " + output);
    }
    StoredObject pod = find(PODS, info.namespace(), info.name());
    String node = info.rest().get(0);
    find(NODES, "", node);
    return advice
        .explain(PodRequest.read(pod.tree()), node)
        .handle(
            (explanation, failure) -> {
              if (failure != null) {
                throw Statuses.unavailable("the scheduler does not answer now");
              }
              return output.equals("text")
                  ? Responses.text(200, String.join("\n", explanation.sentences()) + "\n")
                  : Responses.json(200, json(explanation));
            });
  }

  private StoredObject find(ResourceName resource, String namespace, String name) {
    return store
        .view(resource)
        .snapshot()
        .get(namespace, name)
        .orElseThrow(() -> Statuses.notFound(resource, name));
  }

  private static ObjectNode json(Explanation explanation) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("pod", explanation.pod()).put("node", explanation.node());
    explanation.placed().ifPresent(placed -> json.put("placed", placed));
    json.put("possible", explanation.possible()).put("offered", explanation.offered());
    for (Refusal refusal : explanation.refusals()) {
      ObjectNode each =
          json.withArray("refusals")
              .addObject()
              .put("plugin", refusal.plugin())
              .put("preemptionMayHelp", refusal.remedy() == Refusal.Remedy.PREEMPTION);
      refusal.reasons().forEach(each.withArray("reasons")::add);
    }
    for (Bid bid : explanation.bids()) {
      ObjectNode each =
          json.withArray("bids").addObject().put("node", bid.node()).put("score", bid.score());
      bid.scores().forEach(each.withObject("/scores")::put);
    }
    return json;
  }
}
