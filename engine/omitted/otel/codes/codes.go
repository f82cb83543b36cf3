// Package codes stands in for the outcomes of spans.
package codes

// Code is one.
type Code uint32

// Error is the only one in use.
const Error Code = 1
