package dev.ensemble.http.protobuf;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A body as a tree, with the apiVersion and kind that its envelope names. */
public record ProtobufBody(String apiVersion, String kind, ObjectNode object) {}
