package dev.ensemble.core.scheduling;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A node selector term: all of its requirements together. A term without any matches no node.
 *
 * @param labels requirements on labels (matchExpressions)
 * @param fields requirements on fields (matchFields); only {@code metadata.name} exists
 */
public record NodeTerm(List<Requirement> labels, List<Requirement> fields) {
  public NodeTerm {
    labels = List.copyOf(labels);
    fields = List.copyOf(fields);
  }

  public boolean isEmpty() {
    return labels.isEmpty() && fields.isEmpty();
  }

  public boolean matches(String node, Map<String, String> nodeLabels) {
    if (isEmpty()) {
      return false;
    }
    for (Requirement field : fields) {
      Optional<String> value =
          field.key().equals("metadata.name") ? Optional.of(node) : Optional.empty();
      if (!field.matches(value)) {
        return false;
      }
    }
    for (Requirement label : labels) {
      if (!label.matches(Optional.ofNullable(nodeLabels.get(label.key())))) {
        return false;
      }
    }
    return true;
  }

  /** The only nodes that this term can match, when its fields name them. */
  public Optional<Set<String>> namedNodes() {
    Optional<Set<String>> named = Optional.empty();
    for (Requirement field : fields) {
      if (field.key().equals("metadata.name") && field.operator() == Operator.IN) {
        Set<String> names = new TreeSet<>(field.values());
        named.ifPresent(names::retainAll);
        named = Optional.of(names);
      }
    }
    return named;
  }

  /** One requirement, upstream's NodeSelectorRequirement. */
  public record Requirement(String key, Operator operator, List<String> values) {
    public Requirement {
      values = List.copyOf(values);
    }

    boolean matches(Optional<String> value) {
      return switch (operator) {
        case IN -> value.isPresent() && values.contains(value.get());
        case NOT_IN -> value.isEmpty() || !values.contains(value.get());
        case EXISTS -> value.isPresent();
        case DOES_NOT_EXIST -> value.isEmpty();
        case GT -> value.isPresent() && compare(value.get()) > 0;
        case LT -> value.isPresent() && compare(value.get()) < 0;
      };
    }

    /** Zero when either side is no integer: then neither Gt nor Lt matches. */
    private int compare(String value) {
      if (values.size() != 1) {
        return 0;
      }
      try {
        return Long.compare(Long.parseLong(value), Long.parseLong(values.get(0)));
      } catch (NumberFormatException e) {
        return 0;
      }
    }
  }

  public enum Operator {
    IN,
    NOT_IN,
    EXISTS,
    DOES_NOT_EXIST,
    GT,
    LT;

    static Operator read(String text) {
      return switch (text) {
        case "In" -> IN;
        case "NotIn" -> NOT_IN;
        case "Exists" -> EXISTS;
        case "DoesNotExist" -> DOES_NOT_EXIST;
        case "Gt" -> GT;
        case "Lt" -> LT;
        default -> throw new IllegalArgumentException("not a node operator: '" + text + "'");
      };
    }
  }

  /** A term of preferred affinity, with its weight 1 to 100. */
  public record Preferred(NodeTerm term, int weight) {}
}
