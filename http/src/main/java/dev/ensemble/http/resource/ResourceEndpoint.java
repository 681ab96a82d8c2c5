package dev.ensemble.http.resource;

import akka.http.javadsl.model.HttpResponse;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.core.resource.Face;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.core.resource.ResourceTypes;
import dev.ensemble.core.resource.VirtualResource;
import dev.ensemble.http.admission.Admission;
import dev.ensemble.http.read.Answers;
import dev.ensemble.http.read.ReadEndpoint;
import dev.ensemble.http.read.Selections;
import dev.ensemble.http.read.Target;
import dev.ensemble.http.read.Views;
import dev.ensemble.http.request.RequestInfo;
import dev.ensemble.http.request.WriteOptions;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.server.Endpoint;
import dev.ensemble.http.server.Responses;
import dev.ensemble.http.status.Statuses;
import dev.ensemble.http.watch.WatchEndpoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Serves all resources by verb and subresource, whatever their kind. */
public final class ResourceEndpoint implements Endpoint {
  private static final Set<String> STREAMS = Set.of("log", "exec", "attach", "portforward");

  private final ResourceTypes types;
  private final ObjectStore store;
  private final ReadEndpoint reads;
  private final WatchEndpoint watches;
  private final Creates creates;
  private final Updates updates;
  private final Patches patches;
  private final Deletes deletes;
  private final Scales scales;
  private final Bindings bindings;
  private final Evictions evictions;
  private final Subresources streams;
  private final TokenRequests tokens;
  private final VirtualResources virtual;
  private final Map<ResourceType, Target> targets = new ConcurrentHashMap<>();

  /** What writes stand on. */
  public record Writing(
      ObjectRules rules,
      PatchRules patches,
      FieldOwnership ownership,
      Bodies bodies,
      List<Admission> admissions) {
    public Writing {
      admissions = List.copyOf(admissions);
    }
  }

  public ResourceEndpoint(
      ResourceTypes types,
      ObjectStore store,
      ReadEndpoint reads,
      WatchEndpoint watches,
      Selections selections,
      Answers answers,
      Writing writing,
      Subresources streams,
      TokenRequests tokens,
      VirtualResources virtual) {
    this.types = types;
    this.store = store;
    this.reads = reads;
    this.watches = watches;
    WriteSteps steps =
        new WriteSteps(
            store,
            writing.rules(),
            writing.ownership(),
            writing.bodies(),
            answers,
            writing.admissions());
    this.creates = new Creates(steps);
    this.updates = new Updates(steps, creates);
    this.patches = new Patches(steps, updates, creates, writing.patches());
    this.deletes = new Deletes(steps, selections);
    this.scales = new Scales(steps, updates, patches);
    this.bindings = new Bindings(steps);
    this.evictions = new Evictions(steps, deletes, new Views(store, types));
    this.streams = streams;
    this.tokens = tokens;
    this.virtual = virtual;
  }

  @Override
  public CompletionStage<HttpResponse> serve(ApiRequest request) {
    RequestInfo info = request.info();
    Optional<ResourceType> type = types.byPath(info.apiVersion(), info.resource());
    if (type.isPresent()) {
      return stored(request, target(type.get()));
    }
    Optional<VirtualResource> found = types.virtualByPath(info.apiVersion(), info.resource());
    if (found.isEmpty()) {
      return done(Responses.pageNotFound());
    }
    if (!info.verb().equals("create") || !info.name().isEmpty()) {
      throw Statuses.methodNotAllowed();
    }
    if (info.apiVersion().equals("v1") && info.resource().equals("bindings")) {
      return bindings.bind(request, pods());
    }
    return virtual.create(request, found.get());
  }

  private CompletionStage<HttpResponse> stored(ApiRequest request, Target target) {
    RequestInfo info = request.info();
    boolean misplaced =
        !info.namespace().isEmpty()
            && !target.served().namespaced()
            && !info.resource().equals("namespaces");
    if (misplaced || !info.rest().isEmpty()) {
      return done(Responses.pageNotFound());
    }
    if (!info.subresource().isEmpty()) {
      return subresource(request, target);
    }
    if (info.verb().equals("deletecollection") && !target.served().verbs().contains(info.verb())) {
      throw Statuses.methodNotAllowed();
    }
    return switch (info.verb()) {
      case "get" -> done(reads.get(request, target));
      case "list" -> reads.list(request, target);
      case "watch" -> done(watches.watch(request, target));
      case "create" -> {
        if (!info.name().isEmpty() && !info.resource().equals("namespaces")) {
          throw Statuses.methodNotAllowed();
        }
        yield creates.create(request, target);
      }
      case "update" -> updates.update(request, target);
      case "patch" -> patches.patch(request, target);
      case "delete" -> deletes.delete(request, target);
      case "deletecollection" -> deletes.deleteCollection(request, target);
      default -> throw Statuses.methodNotAllowed();
    };
  }

  private CompletionStage<HttpResponse> subresource(ApiRequest request, Target target) {
    RequestInfo info = request.info();
    String name = info.subresource();
    if (!target.served().subresources().contains(name)) {
      return done(Responses.pageNotFound());
    }
    if (STREAMS.contains(name)) {
      return streams.serve(request, target);
    }
    boolean creates = info.verb().equals("create");
    return switch (name) {
      case "scale" -> scale(request, target);
      case "binding" -> creates ? bindings.bind(request, target) : refused();
      case "eviction" -> creates ? evictions.evict(request, target) : refused();
      case "status", "finalize", "ephemeralcontainers" -> ownShape(request, target);
      case "token" -> creates ? tokens.create(request, target) : refused();
      default -> throw new IllegalStateException("in the table and not served: " + name);
    };
  }

  /** A subresource whose body is the object itself. */
  private CompletionStage<HttpResponse> ownShape(ApiRequest request, Target target) {
    return switch (request.info().verb()) {
      case "get" -> done(reads.get(request, target));
      case "update" -> updates.update(request, target);
      case "patch" -> patches.patch(request, target);
      default -> refused();
    };
  }

  private CompletionStage<HttpResponse> scale(ApiRequest request, Target target) {
    return switch (request.info().verb()) {
      case "get" -> done(scales.get(request, target));
      case "update" -> scales.update(request, target);
      case "patch" -> scales.patch(request, target);
      default -> refused();
    };
  }

  /**
   * Creates a pod that did not come as one. It is in canonical form, and the callee's to change.
   */
  CompletionStage<HttpResponse> createPod(ApiRequest request, ObjectNode pod) {
    WriteOptions options = WriteOptions.of(request.query(), WriteOptions.Form.CREATE);
    return creates.create(
        request,
        pods(),
        pod,
        new Creates.Manner(
            options.dryRun(), options.managerOr(request.userAgent()), Creates.Ownership.UPDATED));
  }

  private Target pods() {
    return target(types.byPath("v1", "pods").orElseThrow());
  }

  private Target target(ResourceType served) {
    return targets.computeIfAbsent(served, this::resolve);
  }

  private Target resolve(ResourceType served) {
    Optional<Face> face = types.face(served);
    ResourceType stored =
        types
            .byName(face.isPresent() ? face.get().stored() : served.name())
            .orElseThrow(() -> new IllegalStateException("no stored type for " + served.name()));
    return new Target(served, stored, face, store.view(stored.name()));
  }

  private static CompletionStage<HttpResponse> refused() {
    throw Statuses.methodNotAllowed();
  }

  private static CompletionStage<HttpResponse> done(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }
}
