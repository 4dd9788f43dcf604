//! Tests of the client from outside: golden packets, scripts, random input, a real broker.
