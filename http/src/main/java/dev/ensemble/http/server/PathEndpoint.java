package dev.ensemble.http.server;

/** An endpoint for paths that name no resource. */
public interface PathEndpoint extends Endpoint {
  boolean serves(String path);
}
