package dev.ensemble.http.resource;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ensemble.http.status.Statuses;
import java.io.IOException;

/** Reads the bodies of patches, which are JSON of no kind. */
final class PatchBodies {
  /** Deeper bodies are refused; no kind nests nearly as deep. */
  private static final int DEPTH_MAX = 200;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .build();

  private PatchBodies() {}

  static JsonNode read(byte[] body) {
    try {
      JsonNode patch = MAPPER.readTree(body);
      if (patch == null || patch.isMissingNode()) {
        throw Statuses.badRequest("the body of a patch must not be empty");
      }
      return patch;
    } catch (IOException e) {
      throw Statuses.badRequest("error decoding patch: " + e.getMessage());
    }
  }
}
