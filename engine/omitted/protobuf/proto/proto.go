// Package proto stands in for protocol buffers, of which a helper for metric names uses one function.
package proto

// String gives a pointer to a text.
func String(s string) *string { return &s }
