package dev.ensemble.http.read;

import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.selector.FieldSelector;
import dev.ensemble.core.selector.LabelSelector;
import dev.ensemble.core.selector.Requirement;
import dev.ensemble.core.selector.SelectorException;
import dev.ensemble.http.request.ListOptions;
import dev.ensemble.http.request.RequestInfo;
import dev.ensemble.http.status.Statuses;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Reads the selectors of a request against the kind's selectable fields. */
public final class Selections {
  private static final Set<String> EVERY_KINDS = Set.of("metadata.name", "metadata.namespace");

  private final Map<ResourceName, FieldValues> values = new ConcurrentHashMap<>();

  public Selection of(Target target, RequestInfo info, ListOptions options) {
    FieldSelector fields = fields(target, options.fieldSelector());
    LabelSelector labels = labels(options.labelSelector());
    FieldValues source =
        values.computeIfAbsent(target.storedName(), name -> new FieldValues(target.stored()));
    boolean onlyName =
        fields.terms().stream().allMatch(term -> term.path().equals("metadata.name"))
            && fields.terms().size() == 1
            && fields.requiredValue("metadata.name").isPresent();
    Predicate<Map<String, String>> fieldTest =
        found -> fields.matches(path -> found.getOrDefault(path, ""));
    return new Selection(
        info.namespace(),
        fields.requiredValue("metadata.name"),
        labels.isEverything() ? Optional.empty() : Optional.of(labels::matches),
        fields.isEverything() || onlyName ? Optional.empty() : Optional.of(fieldTest),
        requiredLabel(labels),
        target.storedName().toString().equals("pods")
            ? fields.requiredValue("spec.nodeName").filter(node -> !node.isEmpty())
            : Optional.empty(),
        source);
  }

  private static Optional<Map.Entry<String, String>> requiredLabel(LabelSelector labels) {
    return labels.requirements().stream()
        .filter(requirement -> requirement.operator() == Requirement.Operator.EQUALS)
        .findFirst()
        .map(requirement -> Map.entry(requirement.key(), requirement.values().first()));
  }

  private static LabelSelector labels(String text) {
    try {
      return LabelSelector.parse(text);
    } catch (SelectorException e) {
      throw Statuses.badRequest("unable to parse requirement: " + e.getMessage());
    }
  }

  private static FieldSelector fields(Target target, String text) {
    FieldSelector selector;
    try {
      selector = FieldSelector.parse(text);
    } catch (SelectorException e) {
      throw Statuses.badRequest(e.getMessage());
    }
    for (FieldSelector.Term term : selector.terms()) {
      if (!EVERY_KINDS.contains(term.path())
          && !target.served().selectableFields().contains(term.path())) {
        throw Statuses.badRequest("field label not supported: " + term.path());
      }
    }
    return target.face().isEmpty()
        ? selector
        : new FieldSelector(
            selector.terms().stream()
                .map(
                    term ->
                        new FieldSelector.Term(
                            target.face().get().storedPath(term.path()),
                            term.operator(),
                            term.value()))
                .toList());
  }
}
