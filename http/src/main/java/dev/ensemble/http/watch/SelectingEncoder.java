package dev.ensemble.http.watch;

import akka.util.ByteString;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.http.read.Forms;
import dev.ensemble.http.read.Selection;
import dev.ensemble.http.read.Target;
import dev.ensemble.http.request.ResponseForm;
import dev.ensemble.http.server.Json;
import java.util.Map;
import java.util.Optional;

/**
 * The frames of a watch with a selection. An object that leaves the selection is DELETED as it was
 * when it was last in it, with the revision of the change (as apiserver's watch cache does).
 */
final class SelectingEncoder implements EventEncoder {
  private static final ByteString NOTHING = ByteString.emptyByteString();

  private final Target target;
  private final Selection selection;
  private final Optional<Frames> shared;
  private final Forms forms;
  private final ResponseForm form;
  private final Forms.IncludeObject include;
  private boolean headerSent;

  /**
   * @param shared where frames of this form are kept for all watchers; empty for Tables, which
   *     differ from watcher to watcher
   */
  SelectingEncoder(
      Target target,
      Selection selection,
      Optional<Frames> shared,
      Forms forms,
      ResponseForm form,
      Forms.IncludeObject include) {
    this.target = target;
    this.selection = selection;
    this.shared = shared;
    this.forms = forms;
    this.form = form;
    this.include = include;
  }

  @Override
  public ByteString change(Change change) {
    if (selection.unselective()) {
      return selection.mayMatch(change.object()) ? frame(change.type(), change.object()) : NOTHING;
    }
    boolean before = change.previous().isPresent() && selection.matches(change.previous().get());
    if (change.type() == Change.Type.DELETED) {
      // Of what nobody can read any more it is not known whether it was selected: who never saw it
      // is not hurt by its deletion.
      boolean matched =
          change.previous().isPresent() ? before : selection.mayMatch(change.object());
      return matched ? frame(Change.Type.DELETED, change.object()) : NOTHING;
    }
    boolean now = selection.matches(change.object());
    if (now) {
      return frame(before ? Change.Type.MODIFIED : Change.Type.ADDED, change.object());
    }
    return before ? left(change) : NOTHING;
  }

  @Override
  public ByteString existing(StoredObject object) {
    return selection.matches(object) ? frame(Change.Type.ADDED, object) : NOTHING;
  }

  @Override
  public ByteString bookmark(long revision, Map<String, String> annotations) {
    ObjectNode object = Json.object();
    ObjectNode metadata = Json.object();
    metadata.put("resourceVersion", Long.toString(revision));
    if (!annotations.isEmpty()) {
      ObjectNode notes = metadata.putObject("annotations");
      annotations.forEach(notes::put);
    }
    object.put("kind", target.served().kind());
    object.put("apiVersion", target.served().apiVersion());
    metadata.putNull("creationTimestamp");
    object.set("metadata", metadata);
    ObjectNode shaped =
        switch (form.view()) {
          case OBJECT -> object;
          case PARTIAL_METADATA -> forms.partial(object, form.metaVersion());
          case TABLE -> forms.tableOf(target, object, form.metaVersion(), include, nextHeader());
        };
    return Frames.frame("BOOKMARK", shaped);
  }

  private ByteString frame(Change.Type type, StoredObject object) {
    return shared.isPresent()
        ? shared.get().of(type, object)
        : Frames.frame(type.name(), shape(target.servedTree(object)));
  }

  private ByteString left(Change change) {
    ObjectNode last = target.servedTree(change.previous().orElseThrow());
    last.withObject("/metadata").put("resourceVersion", Long.toString(change.revision()));
    return Frames.frame(Change.Type.DELETED.name(), shape(last));
  }

  private ObjectNode shape(ObjectNode object) {
    return switch (form.view()) {
      case OBJECT -> object;
      case PARTIAL_METADATA -> forms.partial(object, form.metaVersion());
      case TABLE -> forms.tableOf(target, object, form.metaVersion(), include, nextHeader());
    };
  }

  private Forms.Header nextHeader() {
    Forms.Header header = headerSent ? Forms.Header.LEFT_OUT : Forms.Header.SHOWN;
    headerSent = true;
    return header;
  }
}
