/**
 * What a request asks: the path's meaning, the query's options, the wanted form of the answer.
 * Pure; follows apiserver's request info, meta/v1 options and their validation.
 */
package dev.ensemble.http.request;
