package dev.ensemble.http.resource;

import akka.http.javadsl.model.HttpResponse;
import dev.ensemble.core.container.ContainerFile;
import dev.ensemble.http.request.RequestPaths;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.server.PathEndpoint;
import dev.ensemble.http.status.Statuses;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Serves POST of a single-container file, which becomes a pod in the namespace default. */
public final class ContainerFiles implements PathEndpoint {
  private static final String JSON = "application/json";

  private final ResourceEndpoint resources;

  public ContainerFiles(ResourceEndpoint resources) {
    this.resources = resources;
  }

  @Override
  public boolean serves(String path) {
    return path.equals(RequestPaths.CONTAINERS);
  }

  @Override
  public CompletionStage<HttpResponse> serve(ApiRequest request) {
    if (!request.info().verb().equals("create")) {
      throw Statuses.methodNotAllowed();
    }
    if (!Set.of("", JSON).contains(request.mediaType())) {
      throw Statuses.unsupportedMediaType(List.of(JSON));
    }
    ContainerFile.Reading read = ContainerFile.read(request.body().toArrayUnsafe());
    if (read instanceof ContainerFile.NotAnObject refused) {
      throw Statuses.badRequest(refused.why());
    }
    if (read instanceof ContainerFile.Faulty faulty) {
      throw Statuses.invalid("", "Container", faulty.name(), faulty.errors());
    }
    return resources.createPod(request, ((ContainerFile.Converted) read).pod());
  }
}
