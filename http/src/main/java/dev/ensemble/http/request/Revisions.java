package dev.ensemble.http.request;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.ensemble.core.validation.FieldError;
import dev.ensemble.http.status.Statuses;
import java.util.List;

/** Resource versions as clients send them: opaque to them, decimal numbers to us. */
public final class Revisions {
  private Revisions() {}

  /** Reads the resourceVersion of a list or watch. */
  public static long parse(String text) {
    try {
      long revision = Long.parseLong(text);
      if (revision >= 0) {
        return revision;
      }
    } catch (NumberFormatException e) {
      // Falls through to the answer for everything that is no revision.
    }
    throw Statuses.invalid(
        "meta.k8s.io",
        "ListOptions",
        "",
        List.of(
            FieldError.invalid(
                "resourceVersion", TextNode.valueOf(text), "not a resource version")));
  }
}
