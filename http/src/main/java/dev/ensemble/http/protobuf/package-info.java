/**
 * Protobuf on the wire: bodies that clients send as {@code application/vnd.kubernetes.protobuf},
 * and OpenAPI version 2 in the form that clients ask for. Answers are always JSON.
 */
package dev.ensemble.http.protobuf;
