// Package rest stands in for the Kubernetes client, of which Prometheus' query engine links 12 MB although all that its
// logging helper names is these two types, and the engine here uses neither.
package rest

import "context"

// WarningHandlerWithContext takes the warnings of a Kubernetes API server.
type WarningHandlerWithContext interface {
	HandleWarningHeaderWithContext(ctx context.Context, code int, agent, message string)
}

// WarningLogger would log them; there is no such server here.
type WarningLogger struct{}

// HandleWarningHeaderWithContext does nothing.
func (WarningLogger) HandleWarningHeaderWithContext(context.Context, int, string, string) {}
