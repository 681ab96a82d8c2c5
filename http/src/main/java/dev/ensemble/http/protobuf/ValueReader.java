package dev.ensemble.http.protobuf;

import com.fasterxml.jackson.databind.JsonNode;

/** Turns a value of one protobuf field into JSON; a null node if it says nothing. */
@FunctionalInterface
interface ValueReader {
  JsonNode read(Object value) throws InvalidProtobufException;
}
