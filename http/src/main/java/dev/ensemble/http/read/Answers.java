package dev.ensemble.http.read;

import akka.http.javadsl.model.HttpResponse;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.http.request.ResponseForm;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.server.Responses;

/** Answers with one object, in the form that the client accepts. */
public final class Answers {
  private final Forms forms;

  public Answers(Forms forms) {
    this.forms = forms;
  }

  public Forms forms() {
    return forms;
  }

  public HttpResponse object(ApiRequest request, int code, Target target, StoredObject object) {
    ResponseForm form = request.form();
    return form.view() == ResponseForm.View.OBJECT
        ? Responses.stored(code, target.servedBytes(object), form, request.query())
        : tree(request, code, target, target.servedTree(object));
  }

  /** The same for an object that is not stored: a dry run's. It is in the served version. */
  public HttpResponse tree(ApiRequest request, int code, Target target, ObjectNode object) {
    ResponseForm form = request.form();
    ObjectNode shaped =
        switch (form.view()) {
          case OBJECT -> object;
          case PARTIAL_METADATA -> forms.partial(object, form.metaVersion());
          case TABLE ->
              forms.tableOf(
                  target,
                  object,
                  form.metaVersion(),
                  Forms.IncludeObject.of(request.query()),
                  Forms.Header.SHOWN);
        };
    return Responses.tree(code, shaped, form, request.query());
  }
}
