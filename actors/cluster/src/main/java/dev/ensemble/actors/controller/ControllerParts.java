package dev.ensemble.actors.controller;

import dev.ensemble.core.resource.ResourceTypes;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * What all controllers of a process share.
 *
 * @param types the resource types served now
 * @param rootCertificates PEM text for each namespace's ConfigMap kube-root-ca.crt; empty for none
 */
public record ControllerParts(
    Supplier<ResourceTypes> types,
    Preparation preparation,
    Announcer announcer,
    FactsCache facts,
    Supplier<String> rootCertificates,
    ControllerSettings settings,
    Clock clock) {}
