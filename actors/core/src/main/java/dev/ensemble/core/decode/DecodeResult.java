package dev.ensemble.core.decode;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What became of a body. */
public sealed interface DecodeResult {

  /** The canonical object, and the texts of Warning headers. */
  record Decoded(ObjectNode object, List<String> warnings) implements DecodeResult {
    public Decoded {
      warnings = List.copyOf(warnings);
    }
  }

  /** The Status to answer with: its reason and its whole message. */
  record Refused(Reason reason, String message) implements DecodeResult {}

  /** Reasons of a Status; the code in its constant. */
  enum Reason {
    BAD_REQUEST("BadRequest", 400),
    TOO_LARGE("RequestEntityTooLarge", 413);

    private final String text;
    private final int code;

    Reason(String text, int code) {
      this.text = text;
      this.code = code;
    }

    public String text() {
      return text;
    }

    public int code() {
      return code;
    }
  }

  interface Cases<R> {
    R decoded(Decoded decoded);

    R refused(Refused refused);
  }

  default <R> R match(Cases<R> cases) {
    return this instanceof Decoded decoded ? cases.decoded(decoded) : cases.refused((Refused) this);
  }
}
