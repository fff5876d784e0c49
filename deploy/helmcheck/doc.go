// Package helmcheck exists so that what runs Rapport in Kubernetes is checked by Helm's own code, and its alerts by Prometheus's own, without either of
// them among the bot's requirements. It is a module of its own and holds nothing but tests.
package helmcheck
