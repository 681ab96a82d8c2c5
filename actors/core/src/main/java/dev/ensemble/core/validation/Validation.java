package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.Fields;
import dev.ensemble.core.object.ResourceName;
import java.util.List;
import java.util.Map;

/**
 * Judges objects of one kind after they were decoded against their schema and defaulted. Answers
 * with all that is wrong, in upstream's order; an empty list means that the object may be written.
 * Of kinds that are not known here only metadata is judged.
 */
public final class Validation {
  private static final KindRules UNKNOWN =
      new MetadataOnlyRules(Names::pathSegment, MetadataRules.Home.ANY);
  private static final Map<ResourceName, KindRules> RULES =
      Map.ofEntries(
          Map.entry(ResourceName.parse("namespaces"), new NamespaceRules()),
          Map.entry(ResourceName.parse("nodes"), new NodeRules()),
          Map.entry(ResourceName.parse("pods"), new PodRules()),
          Map.entry(ResourceName.parse("services"), new ServiceRules()),
          Map.entry(ResourceName.parse("endpoints"), new EndpointsRules()),
          Map.entry(
              ResourceName.parse("endpointslices.discovery.k8s.io"), new EndpointSliceRules()),
          Map.entry(ResourceName.parse("configmaps"), new ConfigMapRules()),
          Map.entry(ResourceName.parse("secrets"), new SecretRules()),
          Map.entry(
              ResourceName.parse("serviceaccounts"),
              new MetadataOnlyRules(Names::dns1123Subdomain, MetadataRules.Home.NAMESPACE)),
          Map.entry(ResourceName.parse("events"), new EventRules(EventRules.Form.CORE)),
          Map.entry(
              ResourceName.parse("events.events.k8s.io"), new EventRules(EventRules.Form.EVENTS)),
          Map.entry(ResourceName.parse("leases.coordination.k8s.io"), new LeaseRules()),
          Map.entry(ResourceName.parse("replicasets.apps"), new ReplicaSetRules()),
          Map.entry(ResourceName.parse("deployments.apps"), new DeploymentRules()));

  private final KindRules rules;

  private Validation(KindRules rules) {
    this.rules = rules;
  }

  public static Validation of(ResourceName resource) {
    return new Validation(RULES.getOrDefault(resource, UNKNOWN));
  }

  /** Judges a new object. Its name must have been generated already. */
  public List<FieldError> create(ObjectNode object) {
    FieldErrors errors = new FieldErrors();
    MetadataRules.create(object, rules.names(), rules.home(), errors);
    rules.create(object, errors);
    return errors.list();
  }

  /** Judges a write to the object itself, after {@code prepareForUpdate} of its strategy. */
  public List<FieldError> update(ObjectNode object, ObjectNode old) {
    FieldErrors errors = new FieldErrors();
    MetadataRules.update(object, old, errors);
    rules.update(object, old, errors);
    return errors.list();
  }

  /** Judges a write to {@code /status}, after {@code prepareForStatusUpdate}. */
  public List<FieldError> status(ObjectNode object, ObjectNode old) {
    FieldErrors errors = new FieldErrors();
    MetadataRules.update(object, old, errors);
    rules.status(object, old, errors);
    return errors.list();
  }

  /** Judges a pod as written to {@code /ephemeralcontainers}. */
  public static List<FieldError> ephemeralContainers(ObjectNode pod, ObjectNode old) {
    FieldErrors errors = new FieldErrors();
    MetadataRules.update(pod, old, errors);
    PodRules.ephemeralContainers(pod, old, errors);
    return errors.list();
  }

  /** Judges the body of {@code /binding}. */
  public static List<FieldError> binding(ObjectNode binding) {
    FieldErrors errors = new FieldErrors();
    PodRules.binding(binding, errors);
    return errors.list();
  }

  /** Judges a namespace as written to {@code /finalize}. */
  public static List<FieldError> finalizeNamespace(ObjectNode namespace, ObjectNode old) {
    FieldErrors errors = new FieldErrors();
    MetadataRules.update(namespace, old, errors);
    JsonNode spec = namespace.path("spec");
    int position = 0;
    for (JsonNode finalizer : Fields.items(spec, "finalizers")) {
      MetadataRules.finalizer(
          finalizer.asText(), FieldPath.of("spec").child("finalizers").index(position++), errors);
    }
    return errors.list();
  }

  /** Judges the body of {@code /scale} (autoscaling/v1 Scale). */
  public static List<FieldError> scale(ObjectNode scale) {
    FieldErrors errors = new FieldErrors();
    if (Fields.text(scale.path("metadata"), "name").isEmpty()) {
      errors.required(MetadataRules.METADATA.child("name"), "name or generateName is required");
    }
    errors.nonNegative(
        FieldPath.of("spec").child("replicas"), Fields.number(scale.path("spec"), "replicas"));
    return errors.list();
  }

  /** Judges the body of a DELETE, and the {@code deleteOptions} of an Eviction. */
  public static List<FieldError> deleteOptions(JsonNode options) {
    FieldErrors errors = new FieldErrors();
    FieldPath path = FieldPath.of("propagationPolicy");
    String policy = Fields.text(options, "propagationPolicy");
    if (!policy.isEmpty() && Fields.has(options, "orphanDependents")) {
      errors.invalid(path, policy, "orphanDependents and deletionPropagation cannot be both set");
    }
    errors.emptyOrOneOf(path, policy, List.of("Background", "Foreground", "Orphan"));
    for (JsonNode word : Fields.items(options, "dryRun")) {
      if (!word.asText().equals("All")) {
        errors.notSupported(FieldPath.of("dryRun"), word.asText(), List.of("All"));
      }
    }
    return errors.list();
  }
}
