// Package fleet tests the tier of Collectors that collector-config ships:
// services, an agent and two gateways as processes, with TLS, token, queues on
// disk and tail sampling as an operator runs them. Its code is tests only.
//
// The tests take less than a minute. LONG=1 makes the outages as long as in the
// tables of collector-config/README.md; `make fleet` sets it.
package fleet
